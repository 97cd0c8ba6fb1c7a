// SPDX-License-Identifier: Apache-2.0
import zlib from 'node:zlib'
import { endless, response, testOrdeals } from './http-ordeals.ts'
import { flood, sendAndReset } from './servers/hostile.ts'

const chunk = Buffer.from(`4000\r\n${'x'.repeat(0x4000)}\r\n`)
const bomb = zlib.gzipSync(Buffer.alloc(64 * 2 ** 20), { level: 9 })
const emptyBlocks = Buffer.alloc(16_384, Buffer.from([0, 0, 0, 0xff, 0xff]))
const gzipHead = zlib.gzipSync('').subarray(0, 10)
const repeated = `${'a'.repeat(2_000)}!`

testOrdeals([
  {
    what: 'a body without end',
    answer: endless('HTTP/1.1 200 OK\r\n\r\n', Buffer.alloc(16_384, 'x')),
    endings: ['timeout'],
    timeoutSeconds: 0.03,
  },
  {
    what: 'a body without end that is to be matched',
    answer: endless('HTTP/1.1 200 OK\r\n\r\n', Buffer.alloc(16_384, 'x')),
    yaml: '{body_size_limit: 64KB, fail_if_body_not_matches_regexp: [y]}',
    endings: ['failed'],
    timeoutSeconds: 5,
    runs: 300,
  },
  {
    what: 'chunks without end',
    answer: endless('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', chunk),
    endings: ['timeout'],
    timeoutSeconds: 0.03,
  },
  {
    what: 'trailers without end',
    answer: endless(
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n',
      Buffer.from('X-More: and more\r\n'.repeat(500)),
    ),
    endings: ['failed', 'timeout'],
    timeoutSeconds: 0.03,
  },
  {
    what: 'chunks of a size that is none',
    answer: (socket) =>
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\nx\r\n-1\r\n'),
    endings: ['failed'],
    timeoutSeconds: 5,
  },
  {
    what: 'a reset in the middle of the body',
    answer: (socket) => sendAndReset(socket, 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf'),
    endings: ['failed'],
    timeoutSeconds: 5,
  },
  {
    what: 'a body that ends too soon',
    answer: (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf'),
    endings: ['failed'],
    timeoutSeconds: 5,
  },
  {
    what: 'a body of 9 EB that never comes',
    answer: (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775807\r\n\r\n'),
    endings: ['timeout', 'failed'],
    timeoutSeconds: 0.03,
  },
  {
    what: 'a compression bomb behind a limit',
    answer: (socket) => socket.write(response(bomb, 'Content-Encoding: gzip\r\n')),
    yaml: '{compression: gzip, body_size_limit: 1MB}',
    endings: ['failed'],
    timeoutSeconds: 10,
    runs: 500,
  },
  {
    what: 'a compression bomb without a limit',
    answer: (socket) => socket.write(response(bomb, 'Content-Encoding: gzip\r\n')),
    yaml: 'compression: gzip',
    endings: ['timeout', 'success'],
    timeoutSeconds: 0.05,
    runs: 500,
  },
  {
    what: 'a compression bomb without a limit that is to be matched',
    answer: (socket) => socket.write(response(bomb, 'Content-Encoding: gzip\r\n')),
    yaml: '{compression: gzip, fail_if_body_matches_regexp: [y]}',
    endings: ['timeout', 'failed'],
    timeoutSeconds: 0.1,
    runs: 100,
    // Each may keep 10 MiB to match, so 32 would say more about the allocator than about leaks.
    atOnce: 4,
  },
  {
    what: 'a compressed body that stays empty for ever',
    answer: (socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n')
      socket.write(gzipHead)
      flood(socket, emptyBlocks)
    },
    yaml: 'compression: gzip',
    endings: ['timeout', 'failed'],
    timeoutSeconds: 0.05,
    runs: 500,
  },
  {
    what: 'a body to backtrack on',
    answer: (socket) => socket.write(response(repeated)),
    yaml: 'fail_if_body_matches_regexp: ["(a+)+$"]',
    endings: ['success'],
    timeoutSeconds: 10,
  },
  {
    what: 'JSON nested too deep for a CEL expression',
    answer: (socket) => socket.write(response('['.repeat(100_000))),
    yaml: 'fail_if_body_json_matches_cel: body.a == 1',
    endings: ['failed'],
    timeoutSeconds: 10,
    runs: 200,
  },
])
