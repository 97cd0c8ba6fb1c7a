// SPDX-License-Identifier: Apache-2.0
import { parentPort } from 'node:worker_threads'
import { compareSync } from 'bcryptjs'

// A thread of its own: one comparison at cost 10 takes some 80 ms, in which nothing else could be answered.
parentPort?.on('message', ({ password, hash }: { password: string; hash: string }) => {
  parentPort?.postMessage(compareSync(password, hash))
})
