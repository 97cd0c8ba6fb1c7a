#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// Starts the program on a Node that can run it, with settings that must be there before its first line. Plain
// JavaScript, so that an old Node can say so.
import { existsSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'

// Each name look-up waits in a thread of this pool, and half of Node's 4 are for them: two names whose server is silent
// held up every other look-up for 2 s, measured. 128 threads cost about 1 MB.
const threads = process.env.UV_THREADPOOL_SIZE ?? '128'

// Of an exporter that probes on request some 20 MB are alive, and V8 by itself would let the heap grow to 90 before it
// collects: at 16 probes at a time that was 180 MB of RSS, and 145 with these. Room for 16 MB of young objects costs an
// http or https probe a tenth less CPU than 8. Few of them live on, so that threads which collect them side by side cost
// more than they bring: 191 us of CPU per http probe with them, 180 without.
const busy = ['--max-semi-space-size=16', '--heap-growing-percent=50', '--no-parallel-scavenge']

// One that watches makes little garbage.
const watching = ['--max-semi-space-size=1', '--heap-growing-percent=20']

const nodeFlags = ['etcd', 'cronjob-lag', 'pending-pod'].includes(process.argv[2] ?? '') ? watching : busy

// malloc's arenas for threads that hardly run cost every exporter some 10 MB.
const env = { MALLOC_ARENA_MAX: '1', ...process.env, UV_THREADPOOL_SIZE: threads }

/** In a checkout the sources run as they are; Node strips no types below node_modules, where dist is what was published. */
function entry() {
  const source = fileURLToPath(new URL('../src/main.ts', import.meta.url))
  if (!source.includes('/node_modules/') && existsSync(source)) return ['--conditions=@leadline/source', source]
  return [fileURLToPath(new URL('../dist/main.js', import.meta.url))]
}

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(`leadline: error: Node 22.19 or newer is needed, this is ${process.versions.node}\n`)
  process.exitCode = 1
} else if (process.execve !== undefined && process.env.LISTEN_FDS === undefined) {
  const args = [process.execPath, ...nodeFlags, ...entry(), ...process.argv.slice(2)]
  process.execve(process.execPath, args, env)
} else {
  // execve would close the sockets that systemd handed over, and Windows does not have it.
  process.env.UV_THREADPOOL_SIZE = threads
  await import(pathToFileURL(entry().at(-1)).href)
}
