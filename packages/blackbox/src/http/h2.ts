// SPDX-License-Identifier: Apache-2.0
import { open } from 'node:fs/promises'
import type { ClientHttp2Session, ClientHttp2Stream, OutgoingHttpHeaders } from 'node:http2'
import { pipeline } from 'node:stream/promises'
import type tls from 'node:tls'
import { CheckFailed, messageOf } from '@leadline/kit'
import { readContentLength } from './h1-head.ts'
import { HeaderList } from './header-list.ts'
import { announcedLength, type Request } from './request.ts'
import {
  type BodySink,
  maxFields,
  maxHeadBytes,
  type ResponseHandler,
  type ResponseHead,
  resumeWhenDrained,
  TruncatedResponse,
} from './wire.ts'

/**
 * Sends a request over HTTP/2 (RFC 9113) on a TLS socket that agreed on `h2`, and reads its response, until its body is
 * whole or the handler wants no body. The session is gone afterwards, and the socket with it.
 * Rejects with the session's or stream's error, TruncatedResponse, what the handler throws, or CheckFailed when the
 * request can't be sent.
 */
export async function exchangeHttp2(socket: tls.TLSSocket, request: Request, handler: ResponseHandler): Promise<void> {
  const http2 = await import('node:http2')
  // The origin is for requests that don't name theirs; ours does.
  const session = http2.connect('https://localhost', {
    createConnection: () => socket,
    maxHeaderListPairs: maxFields,
    settings: { enablePush: false, maxHeaderListSize: maxHeadBytes },
  })
  try {
    await new Promise<void>((resolve, reject) => {
      session.on('error', reject)
      session.on('close', () => reject(new TruncatedResponse('the connection was closed')))
      const stream = openStream(session, request)
      new Http2Reading(stream, request.method, handler).begin(resolve, reject)
      sendBody(stream, request).catch(reject)
    })
  } finally {
    session.destroy()
  }
}

/** Fields that belong to a connection and have no place in HTTP/2 (RFC 9113 section 8.2.2). */
const connectionFields = new Set(['connection', 'proxy-connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'te'])

function openStream(session: ClientHttp2Session, request: Request): ClientHttp2Stream {
  const headers: OutgoingHttpHeaders = {
    ':method': request.method,
    ':authority': request.host,
    ':scheme': 'https',
    ':path': request.path,
  }
  for (const [name, value] of request.fields) {
    const key = name.toLowerCase()
    if (connectionFields.has(key)) continue
    const before = headers[key]
    headers[key] = before === undefined ? value : [before, value].flat().map(String)
  }
  const length = announcedLength(request)
  if (length !== undefined) headers['content-length'] = String(length)
  try {
    return session.request(headers, { endStream: request.body === undefined && request.bodyFile === '' })
  } catch (error) {
    throw new CheckFailed('The request can not be sent', { err: messageOf(error) })
  }
}

async function sendBody(stream: ClientHttp2Stream, { body, bodyFile }: Request): Promise<void> {
  if (body !== undefined) stream.end(body)
  if (bodyFile === '') return
  const file = await open(bodyFile).catch((error: unknown) => {
    throw new CheckFailed('The body file can not be read', { body_file: bodyFile, err: messageOf(error) })
  })
  // A stream that closes early did so for the response's sake, which is told apart by its reader.
  await pipeline(file.createReadStream(), stream).catch(() => {})
}

/** One response on its way in. */
class Http2Reading {
  readonly #stream: ClientHttp2Stream
  readonly #method: string
  readonly #handler: ResponseHandler
  #sink: BodySink | undefined
  #begun = false
  #head: ResponseHead | undefined
  #bytes = 0

  constructor(stream: ClientHttp2Stream, method: string, handler: ResponseHandler) {
    this.#stream = stream
    this.#method = method
    this.#handler = handler
  }

  begin(resolve: () => void, reject: (error: unknown) => void): void {
    const guarded = <A extends unknown[]>(step: (...args: A) => boolean) => {
      return (...args: A): void => {
        try {
          if (step(...args)) resolve()
        } catch (error) {
          reject(error)
          this.#stream.destroy()
        }
      }
    }
    this.#stream.on(
      'headers',
      guarded(() => this.#begin()),
    )
    this.#stream.on(
      'response',
      guarded((...[, flags, raw]: [unknown, number, string[]]) => this.#takeHead(flags, raw)),
    )
    this.#stream.on(
      'data',
      guarded((part: Buffer) => this.#takePart(part)),
    )
    this.#stream.on(
      'end',
      guarded(() => this.#end()),
    )
    this.#stream.on('error', reject)
    this.#stream.on('close', () => reject(new TruncatedResponse('the stream was closed')))
  }

  #begin(): false {
    if (!this.#begun) this.#handler.firstByte()
    this.#begun = true
    return false
  }

  #takeHead(flags: number, raw: readonly string[]): boolean {
    this.#begin()
    const headers = headersOf(raw)
    const announced = readContentLength(headers)
    const endsHere = (flags & endStreamFlag) !== 0 && this.#method !== 'HEAD'
    const length = announced === -1 && endsHere ? 0 : announced
    this.#head = { version: 'HTTP/2.0', status: Number(headers.first(':status')), headers, contentLength: length }
    this.#sink = this.#handler.head(this.#head)
    if (this.#sink !== undefined) resumeWhenDrained(this.#sink, this.#stream)
    return this.#sink === undefined
  }

  #takePart(part: Buffer): false {
    this.#bytes += part.length
    if (this.#sink?.write(part) === false) this.#stream.pause()
    return false
  }

  #end(): boolean {
    if (this.#head === undefined) throw new TruncatedResponse('the stream ended without a response')
    const { contentLength: announced } = this.#head
    const missing = this.#method !== 'HEAD' && announced > this.#bytes
    if (missing || this.#stream.aborted || (this.#stream.rstCode ?? 0) !== 0) {
      throw new TruncatedResponse(`the stream ended after ${this.#bytes} bytes of the body`)
    }
    return true
  }
}

/** NGHTTP2_FLAG_END_STREAM (RFC 9113 section 6.2). */
const endStreamFlag = 1

function headersOf(raw: readonly string[]): HeaderList {
  const headers = new HeaderList()
  for (let i = 0; i + 1 < raw.length; i += 2) headers.add((raw[i] as string).toLowerCase(), raw[i + 1] as string)
  return headers
}
