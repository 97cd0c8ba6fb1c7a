// SPDX-License-Identifier: Apache-2.0
import nodeHttp from 'node:http'
import net from 'node:net'
import { Duplex } from 'node:stream'
import * as fc from 'fast-check'
import { test } from 'tap'
import { readResponse } from '../src/http/h1.ts'
import type { HeaderList } from '../src/http/header-list.ts'
import type { Headers, ResponseHead } from '../src/http/wire.ts'
import { httpServer } from './servers/http.ts'

/** What reading a connection gave. */
interface Reading {
  readonly head?: {
    readonly version: string
    readonly status: number
    readonly contentLength: number
    readonly headers: Readonly<Record<string, readonly string[]>>
  }
  readonly body: string
  readonly error?: string
}

function valuesOf(headers: Headers): Record<string, readonly string[]> {
  const names = (headers as HeaderList).entries().map(([name]) => name)
  return Object.fromEntries(names.map((name) => [name, headers.get(name) ?? []]))
}

async function readFrom(socket: net.Socket, method = 'GET'): Promise<Reading> {
  let head: Reading['head']
  const parts: Buffer[] = []
  const handler = {
    firstByte() {},
    head({ version, status, headers, contentLength }: ResponseHead) {
      head = { version, status, contentLength, headers: valuesOf(headers) }
      return { write: (part: Buffer) => parts.push(Buffer.from(part)) > 0, drained: undefined }
    },
  }
  const error = await readResponse(socket, method, handler).then(
    () => undefined,
    (reason: Error) => reason.message,
  )
  socket.destroy()
  const body = Buffer.concat(parts).toString('latin1')
  return { ...(head && { head }), body, ...(error !== undefined && { error }) }
}

/** Reads a connection that gives the pieces one by one and then ends. */
function read(pieces: Iterable<Buffer>, method = 'GET'): Promise<Reading> {
  const stream = new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() })
  for (const piece of pieces) if (piece.length > 0) stream.push(piece)
  stream.push(null)
  return readFrom(stream as net.Socket, method)
}

const whole = (text: string, method = 'GET'): Promise<Reading> => read([Buffer.from(text, 'latin1')], method)

const name = fc.stringMatching(/^X[A-Za-z0-9_-]{0,11}$/)
const value = fc.stringMatching(/^[!-~]([ -~]{0,20}[!-~])?$/)
const fields = fc.array(fc.tuple(name, value), { maxLength: 6 })
const content = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes))

interface Framed {
  readonly framing: string
  readonly wire: Buffer
  readonly body: Buffer
}

const chunked: fc.Arbitrary<Framed> = fc
  .tuple(fc.array(fc.uint8Array({ minLength: 1, maxLength: 60 }), { maxLength: 5 }), fields, fc.boolean())
  .map(([chunks, trailers, isExtended]) => {
    const extension = isExtended ? ' ;name="value; x"' : ''
    const coded = chunks.map((chunk) =>
      Buffer.concat([Buffer.from(`${chunk.length.toString(16)}${extension}\r\n`), chunk, Buffer.from('\r\n')]),
    )
    const end = Buffer.from(`0\r\n${trailers.map(([key, text]) => `${key}: ${text}\r\n`).join('')}\r\n`)
    return { framing: 'Transfer-Encoding: chunked', wire: Buffer.concat([...coded, end]), body: Buffer.concat(chunks) }
  })
const framed: fc.Arbitrary<Framed> = fc.oneof(
  content.map((body) => ({ framing: `Content-Length: ${body.length}`, wire: body, body })),
  content.map((body) => ({ framing: 'X-Framing: close', wire: body, body })),
  chunked,
)

const response = fc
  .record({
    status: fc.integer({ min: 200, max: 599 }).filter((status) => status !== 204 && status !== 304),
    reason: fc.constantFrom('', ' ', ' OK', ' Two words'),
    fields,
    lineEnd: fc.constantFrom('\r\n', '\n'),
    framed,
    interim: fc.integer({ min: 0, max: 2 }),
  })
  .map(({ status, reason, fields: given, lineEnd, framed: { framing, wire, body }, interim }) => {
    const early = ['HTTP/1.1 103 Early Hints', 'Link: </x>', '', ''].join(lineEnd).repeat(interim)
    const lines = [`HTTP/1.1 ${status}${reason}`, ...given.map(([key, text]) => `${key}:${text} `), framing, '', '']
    const head = Buffer.from(`${early}${lines.join(lineEnd)}`)
    return { status, framing, headBytes: head.length, wire: Buffer.concat([head, wire]), body: body.toString('latin1') }
  })

function cut(wire: Buffer, places: readonly number[]): Buffer[] {
  const sorted = [0, ...places.map((place) => place % (wire.length + 1)), wire.length].toSorted((a, b) => a - b)
  return sorted.slice(1).map((place, i) => wire.subarray(sorted[i], place))
}

test('a well-formed response reads the same however it is cut', async (t) => {
  const property = fc.asyncProperty(response, fc.array(fc.nat(), { maxLength: 12 }), async (sent, places) => {
    const reading = await read([sent.wire])
    const single = Array.from(sent.wire, (byte) => Buffer.of(byte))
    const others = await Promise.all([read(cut(sent.wire, places)), read(single)])
    const isRight = reading.error === undefined && reading.head?.status === sent.status && reading.body === sent.body
    return isRight && others.every((other) => JSON.stringify(other) === JSON.stringify(reading))
  })
  await t.resolves(fc.assert(property, { numRuns: 300 }))
})

test('a response cut short is an error, with what came of its body', async (t) => {
  const property = fc.asyncProperty(response, fc.nat(), async ({ wire, headBytes, framing, body }, place) => {
    const length = place % wire.length
    const reading = await read([wire.subarray(0, length)])
    // Only the peer's closing ends such a body, so that nothing of it can be missing.
    const isWhole = length >= headBytes && framing === 'X-Framing: close'
    return (reading.error === undefined) === isWhole && body.startsWith(reading.body)
  })
  await t.resolves(fc.assert(property, { numRuns: 300 }))
})

test('what follows a response is not for it', async (t) => {
  const property = fc.asyncProperty(response, fc.string(), async ({ wire, framing, body }, more) => {
    if (framing === 'X-Framing: close') return true
    const reading = await read([wire, Buffer.from(more)])
    return reading.error === undefined && reading.body === body
  })
  await t.resolves(fc.assert(property, { numRuns: 200 }))
})

test('arbitrary bytes end in a response or an error', async (t) => {
  const fragments = [
    'HTTP/1.1 200 OK\r\n',
    'HTTP/1.1 100 Continue\r\n\r\n',
    '\r\n',
    '\n',
    '\r',
    ':',
    ' folded\r\n',
    'a: b\r\n',
    'Content-Length: 3\r\n',
    'Content-Length: -3\r\n',
    'Transfer-Encoding: chunked\r\n',
    '5\r\nhello\r\n',
    '0\r\n',
    'ffffffffffffffff\r\n',
    '\0',
  ]
  const noise = fc.oneof(
    fc.constantFrom(...fragments).map((text) => Buffer.from(text)),
    fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
  )
  const property = fc.asyncProperty(fc.array(noise, { maxLength: 20 }), async (pieces) => {
    const { head, error } = await read(pieces)
    return head !== undefined || error !== undefined
  })
  await t.resolves(fc.assert(property, { numRuns: 2000 }))
})

const refused: Readonly<Record<string, readonly [wire: string, error: RegExp]>> = {
  'nothing at all': ['', /without a response/],
  'another protocol': ['SSH-2.0-OpenSSH_9.6\r\n\r\n', /malformed status line "SSH/],
  'a blank line first': ['\r\nHTTP/1.1 200 OK\r\n\r\n', /malformed status line/],
  'a status of four digits': ['HTTP/1.1 2000 OK\r\n\r\n', /malformed status line/],
  'a negative length': ['HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n', /bad Content-Length "-1"/],
  'an empty length': ['HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n', /bad Content-Length/],
  'a length beyond counting': ['HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n', /bad Content-Length/],
  'lengths that differ': [
    'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
    /several Content-Lengths/,
  ],
  'an unknown coding': ['HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n', /unsupported transfer encoding/],
  'a line without a colon': ['HTTP/1.1 200 OK\r\nnonsense\r\n\r\n', /malformed header line "nonsense/],
  'a name with a control': ['HTTP/1.1 200 OK\r\na\x01: b\r\n\r\n', /control character/],
  'a bare CR': ['HTTP/1.1 200 OK\r\na: b\rc: d\r\n\r\n', /control character/],
  'a folded first line': ['HTTP/1.1 200 OK\r\n a: b\r\n\r\n', /malformed header line/],
  'a chunk size that overflows': [
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n',
    /too large/,
  ],
  'a negative chunk size': ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n', /malformed chunk size/],
  'a chunk size that ends in a bare LF': [
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\na\r\n0\r\n\r\n',
    /malformed chunk size/,
  ],
  'a chunk longer than it says': [
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n',
    /malformed end of a chunk/,
  ],
  'a chunk extension without end': [
    `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;${'x'.repeat(5000)}`,
    /too long/,
  ],
  'a head without end': [`HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(180_000)}`, /larger than 1048576 bytes/],
  'interim heads without end': ['HTTP/1.1 100 Continue\r\n\r\n'.repeat(50_000), /larger than 1048576 bytes/],
  'too many fields': [`HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(10_001)}\r\n`, /more than 10000 header fields/],
  'a trailer without end': [
    `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n${'a: b\r\n'.repeat(180_000)}`,
    /trailer is larger/,
  ],
}

test('what is no response is refused', async (t) => {
  for (const [what, [wire, error]] of Object.entries(refused)) t.match((await whole(wire)).error, error, what)
})

const lengths: Readonly<Record<string, readonly [method: string, head: string, contentLength: number, body: string]>> =
  {
    'a length': ['GET', '200 OK\r\nContent-Length: 4', 4, 'body'],
    'the same length twice': ['GET', '200 OK\r\nContent-Length: 4\r\nContent-Length: 4', 4, 'body'],
    'a length of zero': ['GET', '200 OK\r\nContent-Length: 0', 0, ''],
    'no length': ['GET', '200 OK', -1, 'body'],
    'HEAD with a length': ['HEAD', '200 OK\r\nContent-Length: 4', 4, ''],
    'HEAD without a length': ['HEAD', '200 OK', -1, ''],
    'HEAD in chunks': ['HEAD', '200 OK\r\nTransfer-Encoding: chunked', -1, ''],
    'status 204': ['GET', '204 No Content\r\nContent-Length: 4', 0, ''],
    'status 304': ['GET', '304 Not Modified\r\nContent-Length: 4', 0, ''],
  }

test('content length and body by method and status, as in Go', async (t) => {
  for (const [what, [method, head, contentLength, body]] of Object.entries(lengths)) {
    const { head: got, body: came, error } = await whole(`HTTP/1.1 ${head}\r\n\r\nbody`, method)
    t.strictSame([got?.contentLength, came, error], [contentLength, body, undefined], what)
  }
})

/** Unusual responses that RFC 9112 allows, or that all clients take. */
const odd: Readonly<Record<string, string>> = {
  'HTTP/1.0': 'HTTP/1.0 200 OK\r\nA: b\r\n\r\nuntil it closes',
  'no reason': 'HTTP/1.1 404\r\nContent-Length: 2\r\n\r\nhi',
  'an empty reason': 'HTTP/1.1 404 \r\nContent-Length: 2\r\n\r\nhi',
  'an unknown status': 'HTTP/1.1 799 Odd\r\nContent-Length: 2\r\n\r\nhi',
  'a reason beyond ASCII': 'HTTP/1.1 200 \xd6K\r\nContent-Length: 2\r\n\r\nhi',
  'empty values': 'HTTP/1.1 200 OK\r\nA:\r\nB: \t \r\nContent-Length: 2\r\n\r\nhi',
  'names in capitals': 'HTTP/1.1 200 OK\r\nX-UPPER: v\r\nCONTENT-LENGTH: 2\r\n\r\nhi',
  'odd names': "HTTP/1.1 200 OK\r\n!#$%&'*+-.^_`|~9a: v\r\nContent-Length: 2\r\n\r\nhi",
  'colons in a value': 'HTTP/1.1 200 OK\r\nA: b: c:d\r\nContent-Length: 2\r\n\r\nhi',
  'interim responses':
    'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nL: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi',
  'chunks in capitals with zeros':
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n000A\r\n0123456789\r\n0\r\n\r\n',
  'chunk extensions and a trailer':
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;a=b;c="d"\r\nhi\r\n0;e\r\nTrailer: x\r\n\r\n',
  'no chunk': 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  'a body nobody announced': 'HTTP/1.1 200 OK\r\n\r\n',
  'status 204 with a length': 'HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\n',
}

function readWithNode(port: number): Promise<Reading> {
  return new Promise((resolve, reject) => {
    const request = nodeHttp.get({ port, host: '127.0.0.1', agent: false }, (message) => {
      let body = ''
      message.setEncoding('latin1')
      message.on('data', (part: string) => (body += part))
      message.on('end', () => {
        const { httpVersion, statusCode: status = 0, headersDistinct: headers } = message
        resolve({ head: { version: `HTTP/${httpVersion}`, status, contentLength: 0, headers: headers as never }, body })
      })
      message.on('error', reject)
    })
    request.on('error', reject)
  })
}

test("odd responses read as by Node's client", async (t) => {
  for (const [what, wire] of Object.entries(odd)) {
    const { port } = await httpServer(t, Buffer.from(wire, 'latin1'))
    const theirs = await readWithNode(port)
    const socket = net.connect(port, '127.0.0.1')
    socket.write('GET / HTTP/1.1\r\n\r\n')
    const ours = await readFrom(socket)
    t.equal(ours.error, undefined, what)
    t.strictSame({ ...ours.head, contentLength: 0 }, { ...theirs.head, headers: { ...theirs.head?.headers } }, what)
    t.equal(ours.body, theirs.body, what)
  }
})

test('a folded value is joined by one space, as in Go', async (t) => {
  const { head } = await whole('HTTP/1.1 200 OK\r\nA: b\r\n\t  c\r\n d\r\nB: e\r\n\r\n')
  t.strictSame(head?.headers, { a: ['b c d'], b: ['e'] })
})

test('values are UTF-8, as rules and Location read them', async (t) => {
  const { head } = await read([Buffer.from('HTTP/1.1 200 OK\r\nA: grün\r\n\r\n')])
  t.strictSame(head?.headers, { a: ['grün'] })
})
