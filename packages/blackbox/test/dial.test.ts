// SPDX-License-Identifier: Apache-2.0
import { getEventListeners, once } from 'node:events'
import net from 'node:net'
import { test } from 'tap'
import { dial } from '../src/net/dial.ts'
import { tcpServer } from './servers/tcp.ts'

const loopback = { ip: '127.0.0.1', family: 4 } as const

/** A port that nobody listens on. */
async function freePort(host = '127.0.0.1'): Promise<number> {
  const server = net.createServer().listen(0, host)
  await once(server, 'listening')
  const { port } = server.address() as net.AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

test('dials one address, and the socket lives until the signal aborts', async (t) => {
  const server = await tcpServer(t)
  const controller = new AbortController()
  const socket = await dial(loopback, server.port, { signal: controller.signal })
  t.equal(socket.remotePort, server.port)
  socket.write('x')
  const closed = once(socket, 'close')
  controller.abort()
  t.equal(socket.destroyed, true)
  await closed
  await server.idle()
})

test('a closed socket leaves nothing on the signal', async (t) => {
  const server = await tcpServer(t)
  const { signal } = new AbortController()
  const socket = await dial(loopback, server.port, { signal })
  t.equal(getEventListeners(signal, 'abort').length, 1)
  socket.destroy()
  await once(socket, 'close')
  t.equal(getEventListeners(signal, 'abort').length, 0)
})

test('a refusal names address, port and code', async (t) => {
  const port = await freePort()
  const { signal } = new AbortController()
  await t.rejects(dial(loopback, port, { signal }), {
    name: 'DialError',
    message: `connect 127.0.0.1:${port}: ECONNREFUSED`,
    code: 'ECONNREFUSED',
  })
  t.equal(getEventListeners(signal, 'abort').length, 0)
})

test('an IPv6 address stands in brackets', async (t) => {
  const { signal } = new AbortController()
  await t.rejects(dial({ ip: '::1', family: 6 }, 1, { signal }), { message: /^connect \[::1\]:1: E/ })
})

test('connects from a local address, and names one that is not of this machine', async (t) => {
  const from = Promise.withResolvers<string | undefined>()
  const server = await tcpServer(t, (socket) => from.resolve(socket.remoteAddress))
  const controller = new AbortController()
  t.teardown(() => controller.abort())
  const { signal } = controller
  await dial(loopback, server.port, { signal, localAddress: '127.0.0.2' })
  t.equal(await from.promise, '127.0.0.2')
  await t.rejects(dial(loopback, server.port, { signal, localAddress: '192.0.2.1' }), {
    message: `connect 127.0.0.1:${server.port} from 192.0.2.1: EADDRNOTAVAIL`,
  })
})

test('rejects with the reason of a signal that aborted before', async (t) => {
  const reason = new Error('too late')
  await t.rejects(dial(loopback, 1, { signal: AbortSignal.abort(reason) }), reason)
})

test('rejects at once with the reason of a signal that aborts on the way', async (t) => {
  const server = await tcpServer(t)
  const controller = new AbortController()
  const dialled = dial(loopback, server.port, { signal: controller.signal })
  const reason = new Error('deadline')
  controller.abort(reason)
  await t.rejects(dialled, reason)
  await server.idle()
})

test('a port that is no port is an error, not a crash', async (t) => {
  const { signal } = new AbortController()
  await t.rejects(dial(loopback, 70_000, { signal }), { code: 'ERR_SOCKET_BAD_PORT' })
})

test('a reset that nobody waits for ends the socket and nothing else', async (t) => {
  const server = await tcpServer(t, (socket) => socket.once('data', () => socket.resetAndDestroy()))
  const controller = new AbortController()
  t.teardown(() => controller.abort())
  const socket = await dial(loopback, server.port, { signal: controller.signal })
  const closed = new Promise((resolve) => socket.once('close', resolve))
  socket.write('x')
  await closed
  t.match(socket.errored, { code: 'ECONNRESET' })
})
