// SPDX-License-Identifier: Apache-2.0
import { GrowingBuffer } from './growing-buffer.ts'
import { fieldName, HeaderList } from './header-list.ts'
import { type Headers, MalformedResponse, maxFields, maxHeadBytes, type ResponseHead } from './wire.ts'

/** How the body of a response is delimited (RFC 9112 section 6.3). */
export type Framing =
  | { readonly kind: 'none' | 'chunked' | 'close' }
  | { readonly kind: 'length'; readonly length: number }

/** A head with what it says of its body. */
export interface Http1Head extends ResponseHead {
  readonly framing: Framing
}

/** Reads the head of the final response from bytes cut anywhere; interim (1xx) responses are passed over. */
export class HeadReader {
  readonly #method: string
  /** What came of a head that is not whole yet. */
  #held: GrowingBuffer | undefined
  /** Bytes of the heads so far, interim ones included. */
  #total = 0
  readonly #blank = new BlankLine()
  #head: Http1Head | undefined

  constructor(method: string) {
    this.#method = method
  }

  /** The final head, once `push` has given what follows it. */
  get head(): Http1Head | undefined {
    return this.#head
  }

  /** Whether any byte of a head came, so that an end here is a cut and not an empty answer. */
  get begun(): boolean {
    return this.#total > 0
  }

  /** Takes bytes; gives those after the final head once that is whole. Throws MalformedResponse. */
  push(chunk: Buffer): Buffer | undefined {
    let rest = chunk
    while (rest.length > 0) {
      const end = this.#blank.find(rest)
      this.#total += end === -1 ? rest.length : end
      if (this.#total > maxHeadBytes)
        throw new MalformedResponse(`the response's head is larger than ${maxHeadBytes} bytes`)
      if (end === -1) {
        this.#held ??= new GrowingBuffer()
        this.#held.push(rest)
        return undefined
      }
      const head = parseHead(this.#take(rest, end), this.#method)
      rest = rest.subarray(end)
      // 101 ends the HTTP conversation, so it is final; all other 1xx announce another head.
      if (head.status >= 200 || head.status === 101) {
        this.#head = head
        return rest
      }
    }
    return undefined
  }

  #take(part: Buffer, end: number): string {
    if (this.#held === undefined) return part.toString('utf8', 0, end)
    this.#held.push(part.subarray(0, end))
    return this.#held.take().toString('utf8')
  }
}

/** Finds the end of a blank line in bytes cut anywhere; lines end in LF or CRLF. */
export class BlankLine {
  /** Bytes of the line so far. */
  #bytes = 0
  #onlyReturn = false

  /** Index after the first blank line's LF, or -1 when it is not in this part. */
  find(part: Buffer): number {
    let bytes = this.#bytes
    let onlyReturn = this.#onlyReturn
    for (let i = 0; i < part.length; i++) {
      const byte = part[i]
      if (byte !== 10) {
        onlyReturn = bytes === 0 && byte === 13
        bytes++
        continue
      }
      const blank = bytes === 0 || (bytes === 1 && onlyReturn)
      bytes = 0
      if (blank) {
        this.#bytes = 0
        return i + 1
      }
    }
    this.#bytes = bytes
    this.#onlyReturn = onlyReturn
    return -1
  }
}

const statusLine = /^HTTP\/(\d\.\d) +([1-9]\d\d)(?: .*)?$/
// oxlint-disable-next-line no-control-regex -- controls are what is looked for
const forbidden = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)/

/** Parses a whole head, its blank line included, by RFC 9112 and the tolerances of Go's client. Throws MalformedResponse. */
export function parseHead(text: string, method: string): Http1Head {
  if (forbidden.test(text)) throw new MalformedResponse("the response's head holds a control character")
  const lineEnd = text.indexOf('\n')
  const first = text.slice(0, lineEnd).trimEnd()
  const [, version, code] = statusLine.exec(first) ?? []
  if (version === undefined) throw new MalformedResponse(`malformed status line ${excerpt(first)}`)
  const headers = parseFields(text, lineEnd + 1)
  const status = Number(code)
  const { framing, contentLength } = frame(version, status, headers, method)
  return { version: `HTTP/${version}`, status, headers, framing, contentLength }
}

function parseFields(text: string, from: number): HeaderList {
  const headers = new HeaderList()
  let start = from
  for (let end = text.indexOf('\n', start); end !== -1; end = text.indexOf('\n', start)) {
    addField(headers, text, start, end)
    if (headers.size > maxFields) throw new MalformedResponse(`the response has more than ${maxFields} header fields`)
    start = end + 1
  }
  return headers
}

function addField(headers: HeaderList, text: string, start: number, end: number): void {
  const first = text.charCodeAt(start)
  // The blank line that ends the head.
  if (first === 10 || first === 13) return
  const isFolded = first === 32 || first === 9
  if (isFolded && headers.extendLast(text.slice(start, end).trim())) return
  const colon = text.indexOf(':', start)
  const name = isFolded || colon > end ? undefined : fieldName(text.slice(start, Math.max(start, colon)))
  if (name === undefined) throw new MalformedResponse(`malformed header line ${excerpt(text.slice(start, end))}`)
  headers.add(name, text.slice(colon + 1, end).trim())
}

/** RFC 9112 section 6.3, as strict as Go's fixLength about lengths that disagree. */
function frame(
  version: string,
  status: number,
  headers: Headers,
  method: string,
): Pick<Http1Head, 'framing' | 'contentLength'> {
  const chunked = isChunked(version, headers)
  const length = chunked ? -1 : readContentLength(headers)
  if (method === 'HEAD') return { framing: { kind: 'none' }, contentLength: length }
  if (status < 200 || status === 204 || status === 304) return { framing: { kind: 'none' }, contentLength: 0 }
  if (chunked) return { framing: { kind: 'chunked' }, contentLength: -1 }
  if (length === -1) return { framing: { kind: 'close' }, contentLength: -1 }
  return { framing: { kind: 'length', length }, contentLength: length }
}

function isChunked(version: string, headers: Headers): boolean {
  const codings = headers.get('transfer-encoding')
  // HTTP/1.0 knows no transfer codings; a peer that speaks it and sends one means nothing by it.
  if (codings === undefined || version < '1.1') return false
  if (codings.length === 1 && codings[0]?.toLowerCase() === 'chunked') return true
  throw new MalformedResponse(`unsupported transfer encoding ${excerpt(codings.join(', '))}`)
}

/** The Content-Length of a head, -1 without one. Throws MalformedResponse when it is no length or there are several. */
export function readContentLength(headers: Headers): number {
  const values = headers.get('content-length')
  if (values === undefined) return -1
  const [value = ''] = values
  if (values.some((other) => other !== value)) throw new MalformedResponse('the response has several Content-Lengths')
  const length = /^\d+$/.test(value) ? Number(value) : Number.NaN
  if (!Number.isSafeInteger(length)) throw new MalformedResponse(`bad Content-Length ${excerpt(value)}`)
  return length
}

function excerpt(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}...` : text)
}
