// SPDX-License-Identifier: Apache-2.0
import zlib from 'node:zlib'
import { test } from 'tap'
import { http } from '../src/probers/http.ts'
import { endure } from './endure.ts'
import { endless, testOrdeals } from './http-ordeals.ts'
import { flood, sendAndReset } from './servers/hostile.ts'
import { tcpServer } from './servers/tcp.ts'

const ok = 'HTTP/1.1 200 OK\r\n'
const bomb = zlib.gzipSync(Buffer.alloc(64 * 2 ** 20), { level: 9 })

// These hold as much as a probe may hold, so that fewer of them tell as much.
testOrdeals([
  {
    what: '100,000 headers',
    answer: (socket) => socket.end(`${ok}${'a: b\r\n'.repeat(100_000)}\r\n`),
    endings: ['failed'],
    timeoutSeconds: 5,
    runs: 200,
  },
  {
    what: 'a status line without end',
    answer: endless('HTTP/1.1 200 ', Buffer.alloc(65_536, 'x')),
    endings: ['failed', 'timeout'],
    timeoutSeconds: 0.3,
    runs: 300,
  },
  {
    what: 'a body without end that a rule without a limit wants',
    answer: endless(`${ok}\r\n`, Buffer.alloc(65_536, 'x')),
    yaml: 'fail_if_body_matches_regexp: [y]',
    endings: ['timeout'],
    timeoutSeconds: 0.3,
    runs: 160,
  },
  {
    what: 'chunks of one byte without end that a rule wants',
    answer: endless(`${ok}Transfer-Encoding: chunked\r\n\r\n`, Buffer.from('1\r\nx\r\n'.repeat(10_000))),
    yaml: 'fail_if_body_matches_regexp: [y]',
    endings: ['timeout'],
    timeoutSeconds: 0.1,
    runs: 200,
  },
  {
    what: 'compression bombs without end that a rule wants',
    answer: (socket) => {
      socket.write(`${ok}\r\n`)
      flood(socket, bomb)
    },
    yaml: 'compression: gzip\nfail_if_body_matches_regexp: [x]',
    endings: ['timeout'],
    timeoutSeconds: 0.2,
    runs: 96,
  },
  {
    what: 'a reset amid the headers',
    answer: (socket) => sendAndReset(socket, `${ok}x: `),
    endings: ['failed'],
    timeoutSeconds: 5,
  },
])

test('redirects without end, to another address each time', async (t) => {
  let count = 0
  const server = await tcpServer(
    t,
    (socket) =>
      socket.once('data', () => {
        const location = `http://127.0.${++count % 256}.1:${server.port}/${count}`
        socket.end(`HTTP/1.1 302 Found\r\nLocation: ${location}\r\nSet-Cookie: c${count}=${'x'.repeat(500)}\r\n\r\n`)
      }),
    '0.0.0.0',
  )
  const target = `http://127.0.0.1:${server.port}/`
  await endure(t, { prober: http, target, idle: server.idle, endings: ['failed'], timeoutSeconds: 5, runs: 200 })
})

test('a site that leaves while it is sent a large body', async (t) => {
  const dir = t.testdir({ big: 'x'.repeat(2_000_000) })
  const server = await tcpServer(t, (socket) =>
    socket.once('data', () => sendAndReset(socket, 'HTTP/1.1 413 X\r\n\r\n')),
  )
  const yaml = `method: POST\nbody_file: ${dir}/big\nvalid_status_codes: [413]`
  const row = { endings: ['failed', 'success'] as const, timeoutSeconds: 5, runs: 200, yaml }
  await endure(t, { prober: http, target: `http://${server.target}/`, idle: server.idle, ...row })
})
