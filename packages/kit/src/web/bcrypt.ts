// SPDX-License-Identifier: Apache-2.0
import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'

/** Comparisons that may wait; each takes a core for tens of milliseconds, so more is an attack or a mistake. */
const longestQueue = 64

/** Thrown when too many comparisons wait. */
export class TooBusy extends Error {}

interface Job {
  readonly password: string
  readonly hash: string
  readonly resolve: (matches: boolean) => void
  readonly reject: (error: Error) => void
}

/** Compares passwords with bcrypt hashes in a thread, one at a time. */
export class Bcrypt {
  readonly #waiting: Job[] = []
  #worker: Worker | undefined
  #busy: Job | undefined

  /** Whether a password belongs to a hash. Rejects with TooBusy when the queue is full. */
  compare(password: string, hash: string): Promise<boolean> {
    if (this.#waiting.length >= longestQueue)
      return Promise.reject(new TooBusy('too many passwords wait to be compared'))
    const { promise, resolve, reject } = Promise.withResolvers<boolean>()
    this.#waiting.push({ password, hash, resolve, reject })
    this.#next()
    return promise
  }

  /** Ends the thread; waiting comparisons are rejected. */
  async close(): Promise<void> {
    const jobs = this.#waiting.splice(0)
    for (const job of jobs) job.reject(new Error('the server is closing'))
    await this.#worker?.terminate()
  }

  #next(): void {
    if (this.#busy !== undefined) return
    const job = this.#waiting.shift()
    if (job === undefined) {
      // An idle thread must not keep the process alive.
      this.#worker?.unref()
      return
    }
    this.#busy = job
    this.#worker ??= this.#start()
    this.#worker.ref()
    this.#worker.postMessage({ password: job.password, hash: job.hash })
  }

  #start(): Worker {
    // The sources run as .ts, the published package as .js.
    const worker = new Worker(new URL(`./bcrypt-worker${extname(import.meta.url)}`, import.meta.url))
    worker.on('message', (matches: boolean) => this.#settle((job) => job.resolve(matches)))
    worker.on('error', (error: Error) => this.#lost(error))
    worker.on('exit', () => this.#lost(new Error('the thread that compares passwords ended')))
    return worker
  }

  #settle(answer: (job: Job) => void): void {
    const job = this.#busy
    this.#busy = undefined
    if (job !== undefined) answer(job)
    this.#next()
  }

  /** The next comparison starts a new thread. */
  #lost(error: Error): void {
    this.#worker = undefined
    this.#settle((job) => job.reject(error))
  }
}
