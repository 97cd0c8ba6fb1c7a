// SPDX-License-Identifier: Apache-2.0
import type { AddressInfo } from 'node:net'
import { Worker } from 'node:worker_threads'
import { test } from 'tap'
import { listen } from '../src/serve/listen.ts'

const connections = 1000
const boundSeconds = 20

/** Makes all connections at once and counts those that are there. */
const program = `
const { connect } = require('node:net')
const { workerData: { port, made, connections } } = require('node:worker_threads')
for (let i = 0; i < connections; i++) {
  connect(port, '127.0.0.1', () => {
    Atomics.add(made, 0, 1)
    Atomics.notify(made, 0)
  }).on('error', () => undefined)
}`

test('a burst of connections is there though none of them is accepted yet', async (t) => {
  const server = await listen({ host: '127.0.0.1', port: 0 }, false, (socket) => socket.destroy())
  t.teardown(() => server.close())
  const made = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
  const { port } = server.address() as AddressInfo
  const worker = new Worker(program, { eval: true, workerData: { port, made, connections } })
  t.teardown(() => worker.terminate())
  const end = performance.now() + boundSeconds * 1000
  // Blocks this thread, and with it the server.
  for (let now = 0; now < connections && performance.now() < end; now = Atomics.load(made, 0))
    Atomics.wait(made, 0, now, end - performance.now())
  t.equal(Atomics.load(made, 0), connections)
})
