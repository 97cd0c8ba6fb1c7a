// SPDX-License-Identifier: Apache-2.0
import type { Socket } from 'node:net'
import { test } from 'tap'
import { tcp } from '../src/probers/tcp.ts'
import { endure, type Ordeal } from './endure.ts'
import { dribble, endlessServerHello, flood, sendAndReset } from './servers/hostile.ts'
import { lineReader, tcpServer } from './servers/tcp.ts'

interface Row extends Pick<Ordeal, 'endings' | 'runs' | 'timeoutSeconds' | 'yaml'> {
  readonly what: string
  /** What the target does with a connection. */
  readonly talk: (socket: Socket) => unknown
}

const binaryBanner = Buffer.concat([
  Buffer.from('SSH-'),
  Buffer.from([...Array(256).keys()].filter((b) => b !== 10)),
  Buffer.from('\n'),
])
const catalog = Buffer.from(`${'220-welcome to the machine\r\n'.repeat(9_999)}220 ready\r\n`)

/** Speaks until the reply to STARTTLS, then does as told. */
const afterStartTls =
  (next: (socket: Socket) => unknown) =>
  async (socket: Socket): Promise<void> => {
    await lineReader(socket)()
    next(socket)
  }
const startTls = 'query_response: [{send: STARTTLS}, {expect: "^220"}, {starttls: true}]'

const rows: readonly Row[] = [
  {
    what: 'silent after accept',
    talk: (socket) => socket.resume(),
    yaml: 'query_response: [{expect: SSH}]',
    endings: ['timeout'],
    timeoutSeconds: 0.02,
  },
  {
    what: 'silent before bytes',
    talk: (socket) => socket.resume(),
    yaml: 'query_response: [{expect_bytes: SSH}]',
    endings: ['timeout'],
    timeoutSeconds: 0.02,
  },
  {
    what: 'closed after accept',
    talk: (socket) => socket.destroy(),
    yaml: 'query_response: [{expect: SSH}]',
    endings: ['failed'],
    timeoutSeconds: 2,
  },
  {
    what: 'reset after the first bytes',
    talk: (socket) => sendAndReset(socket, 'SS'),
    yaml: 'query_response: [{expect: SSH}]',
    endings: ['failed'],
    timeoutSeconds: 2,
  },
  {
    what: 'lines without end',
    talk: (socket) => flood(socket.resume(), Buffer.from('220-welcome\r\n'.repeat(1_000))),
    yaml: 'query_response: [{expect: "^220 "}]',
    endings: ['timeout'],
    timeoutSeconds: 0.02,
  },
  {
    what: 'a line without end',
    talk: (socket) => flood(socket.resume(), Buffer.alloc(16_384, 'x')),
    yaml: 'query_response: [{expect: SSH}]',
    endings: ['failed'],
    timeoutSeconds: 5,
  },
  {
    what: 'a flood that nobody asked for',
    talk: (socket) => flood(socket.resume(), Buffer.alloc(16_384, 'x')),
    endings: ['success'],
    timeoutSeconds: 5,
  },
  {
    what: 'a banner of 10,000 lines',
    talk: (socket) => socket.resume().write(catalog),
    yaml: 'query_response: [{expect: "^220 "}]',
    endings: ['success'],
    timeoutSeconds: 10,
    runs: 200,
  },
  {
    what: 'a binary banner with labels',
    talk: (socket) => socket.resume().write(binaryBanner),
    yaml: 'query_response: [{expect: "^SSH-(.*)", labels: [{name: a, value: $1}, {name: b, value: $0$1}]}]',
    endings: ['success'],
    timeoutSeconds: 2,
  },
  {
    what: 'a line to backtrack on',
    talk: (socket) => socket.resume().write(`${'a'.repeat(1_000)}!\n`),
    yaml: 'query_response: [{expect: "(a+)+$"}]',
    endings: ['timeout'],
    timeoutSeconds: 0.05,
  },
  {
    what: 'TLS: silent',
    talk: (socket) => socket.resume(),
    yaml: 'tls: true',
    endings: ['timeout'],
    timeoutSeconds: 0.03,
  },
  {
    what: 'TLS: a handshake in single bytes',
    talk: (socket) => dribble(socket.resume(), endlessServerHello),
    yaml: 'tls: true',
    endings: ['timeout'],
    timeoutSeconds: 0.03,
  },
  {
    what: 'TLS: an endless handshake',
    talk: (socket) => flood(socket.resume(), endlessServerHello),
    yaml: 'tls: true',
    endings: ['failed', 'timeout'],
    timeoutSeconds: 0.1,
  },
  {
    what: 'TLS: plain text',
    talk: (socket) => socket.resume().write('HTTP/1.1 400 Bad Request\r\n\r\n'),
    yaml: 'tls: true',
    endings: ['failed'],
    timeoutSeconds: 5,
  },
  {
    what: 'TLS: closed in the handshake',
    talk: (socket) => socket.once('data', () => socket.destroy()),
    yaml: 'tls: true',
    endings: ['failed'],
    timeoutSeconds: 5,
  },
  {
    what: 'STARTTLS: plain text behind the reply',
    talk: afterStartTls((socket) => socket.write('220 go\r\n250 injected\r\n')),
    yaml: startTls,
    endings: ['failed'],
    timeoutSeconds: 5,
  },
  {
    what: 'STARTTLS: silent behind the reply',
    talk: afterStartTls((socket) => socket.write('220 go\r\n')),
    yaml: startTls,
    endings: ['timeout'],
    timeoutSeconds: 0.03,
  },
]

for (const { what, talk, ...row } of rows) {
  test(what, async (t) => {
    const { target, idle } = await tcpServer(t, talk)
    await endure(t, { prober: tcp, target, idle, ...row })
  })
}
