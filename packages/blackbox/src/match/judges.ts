// SPDX-License-Identifier: Apache-2.0
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { RunSignal } from '@leadline/kit'
import type { BodyVerdict } from './body-rules.ts'
import type { JudgeTask } from './worker.ts'

/** Threads at most: one core stays with the event loop. */
const mostThreads = Math.max(1, Math.min(4, availableParallelism() - 1))

/** A body whose JSON grows past this ends the thread and fails the probe; the process stays. */
const resourceLimits = { maxOldGenerationSizeMb: 512 }

// In the repository the sources run as they are, in the package their JavaScript does.
const program = new URL(import.meta.url.endsWith('.ts') ? 'worker.ts' : 'worker.js', import.meta.url)

interface Waiting {
  readonly task: JudgeTask
  readonly signal: RunSignal
  readonly resolve: (verdict: BodyVerdict) => void
  readonly reject: (reason: unknown) => void
}

const idle: Worker[] = []
const queue: Waiting[] = []
let threads = 0

/**
 * Judges a body in a thread of its own, so that no body can hold up the event loop. Rejects with the signal's reason
 * when it aborts, and ends the thread that is at it; rejects with the thread's error when it dies.
 */
export function judgeInThread(task: JudgeTask, signal: RunSignal): Promise<BodyVerdict> {
  const { promise, resolve, reject } = Promise.withResolvers<BodyVerdict>()
  const waiting: Waiting = { task, signal, resolve, reject }
  const leave = (): void => {
    const place = queue.indexOf(waiting)
    if (place >= 0) queue.splice(place, 1)
    reject(signal.reason)
  }
  if (signal.aborted) return Promise.reject(signal.reason)
  signal.addEventListener('abort', leave, { once: true })
  queue.push(waiting)
  dispatch()
  return promise.finally(() => signal.removeEventListener('abort', leave))
}

function dispatch(): void {
  while (queue.length > 0 && (idle.length > 0 || threads < mostThreads)) {
    const next = queue.shift()
    if (next !== undefined) run(idle.pop() ?? start(), next)
  }
}

function start(): Worker {
  threads++
  return new Worker(program, { resourceLimits })
}

function run(worker: Worker, { task, signal, resolve, reject }: Waiting): void {
  const settle = (): void => {
    worker.off('message', answered).off('error', died)
    signal.removeEventListener('abort', drop)
  }
  const answered = (verdict: BodyVerdict): void => {
    settle()
    worker.unref()
    idle.push(worker)
    resolve(verdict)
    dispatch()
  }
  const drop = (): void => {
    settle()
    threads--
    // It is being ended: what it still has to say is for nobody.
    worker.on('error', () => {})
    void worker.terminate()
    dispatch()
  }
  const died = (error: unknown): void => {
    drop()
    reject(error)
  }
  signal.addEventListener('abort', drop, { once: true })
  worker.on('message', answered).on('error', died)
  worker.ref()
  worker.postMessage(task)
}
