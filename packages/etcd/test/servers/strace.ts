// SPDX-License-Identifier: Apache-2.0
import { readdir, readFile, readlink } from 'node:fs/promises'
import type { Test } from 'tap'
import { findServer, needServer } from '../../../../test/servers/find.ts'
import { startServer } from '../../../../test/servers/process.ts'
import { until } from '../../../../test/servers/until.ts'

/** A disk that is slow for one process. */
export interface SlowDisk {
  /** Makes it quick again; what is under way returns at once. */
  stop(): Promise<void>
}

/** Whether `slowFsync` works here; false after the test was skipped. Call it as `needServer`. */
export function needStrace(t: Test): boolean {
  return needServer(t, 'strace') !== undefined
}

/**
 * Delays each fsync and fdatasync of a process by some seconds, or only those of etcd's write-ahead log: strace holds the
 * call up before the kernel sees it. Resolves when it holds for every thread. Throws with strace's output when it may not
 * trace the process.
 */
export async function slowFsync(pid: number, seconds: number, files: 'all' | 'wal' = 'all'): Promise<SlowDisk> {
  const paths = files === 'all' ? [] : (await openFiles(pid)).filter((path) => path.endsWith('.wal'))
  const delay = `fdatasync,fsync:delay_enter=${Math.round(seconds * 1_000_000)}`
  const server = await startServer({
    command: findServer('strace') ?? 'strace',
    isPreferred: true,
    args: [
      '-f',
      '-o',
      '/dev/null',
      '-e',
      'trace=fdatasync,fsync',
      '-e',
      `inject=${delay}`,
      ...paths.map((path) => `--trace-path=${path}`),
      '-p',
      String(pid),
    ],
    ready: /Process \d+ attached/,
  })
  await until(`strace to hold every thread of ${pid}`, async () =>
    (await tracersOf(pid)).every((tracer) => tracer === server.pid) ? true : undefined,
  )
  return {
    async stop() {
      await server.stop()
    },
  }
}

/** The process that traces each thread; 0 for none. */
async function tracersOf(pid: number): Promise<number[]> {
  const folder = `/proc/${pid}/task`
  const threads = await readdir(folder)
  const texts = await Promise.all(
    threads.map((thread) => readFile(`${folder}/${thread}/status`, 'utf8').catch(() => '')),
  )
  // A thread that has just ended has no text.
  return texts.flatMap((text) => /^TracerPid:\s+(\d+)$/m.exec(text)?.slice(1).map(Number) ?? [])
}

async function openFiles(pid: number): Promise<string[]> {
  const folder = `/proc/${pid}/fd`
  return Promise.all((await readdir(folder)).map((file) => readlink(`${folder}/${file}`).catch(() => '')))
}
