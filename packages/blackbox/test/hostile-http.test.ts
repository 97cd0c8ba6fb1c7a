// SPDX-License-Identifier: Apache-2.0
import { endless, response, testOrdeals } from './http-ordeals.ts'
import { dribble, endlessServerHello } from './servers/hostile.ts'

testOrdeals([
  { what: 'silent after the request', answer: () => {}, endings: ['timeout'], timeoutSeconds: 0.03 },
  {
    what: 'closed after the request',
    answer: (socket) => socket.destroy(),
    endings: ['failed'],
    timeoutSeconds: 5,
  },
  {
    what: 'a head in single bytes',
    answer: (socket) => dribble(socket, response('')),
    endings: ['timeout'],
    timeoutSeconds: 0.03,
  },
  {
    what: 'headers without end',
    answer: endless('HTTP/1.1 200 OK\r\n', Buffer.from('X-More: and more\r\n'.repeat(500))),
    endings: ['failed', 'timeout'],
    timeoutSeconds: 0.03,
  },
  {
    what: 'a header without end',
    answer: endless('HTTP/1.1 200 OK\r\nX-More: ', Buffer.alloc(16_384, 'x')),
    endings: ['failed', 'timeout'],
    timeoutSeconds: 0.03,
  },
  {
    what: 'interim responses without end',
    answer: endless('', Buffer.from('HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(200))),
    endings: ['failed', 'timeout'],
    timeoutSeconds: 0.05,
  },
  {
    what: 'what is no HTTP',
    answer: endless('', Buffer.alloc(16_384, Buffer.from([0, 10, 255, 13]))),
    endings: ['failed', 'timeout'],
    timeoutSeconds: 0.03,
  },
  {
    what: 'a header to backtrack on',
    answer: (socket) => socket.write(response('', `X-Long: ${'a'.repeat(2_000)}!\r\n`)),
    yaml: 'fail_if_header_matches: [{header: X-Long, regexp: "(a+)+$"}]',
    endings: ['success'],
    timeoutSeconds: 10,
  },
  {
    what: 'a redirect to itself',
    answer: (socket) =>
      socket.write('HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\nSet-Cookie: a=b\r\n\r\n'),
    endings: ['failed'],
    timeoutSeconds: 10,
    runs: 200,
  },
  { what: 'TLS: silent', scheme: 'https', answer: () => {}, endings: ['timeout'], timeoutSeconds: 0.03 },
  {
    what: 'TLS: a handshake in single bytes',
    scheme: 'https',
    answer: (socket) => dribble(socket, endlessServerHello),
    endings: ['timeout'],
    timeoutSeconds: 0.03,
  },
  {
    what: 'TLS: plain HTTP',
    scheme: 'https',
    answer: (socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'),
    endings: ['failed'],
    timeoutSeconds: 5,
  },
])
