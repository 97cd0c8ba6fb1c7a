// SPDX-License-Identifier: Apache-2.0
import { type RunningServer, startServer } from '../../../../test/servers/process.ts'
import { until } from '../../../../test/servers/until.ts'

/** A program of the control plane, and how to see that it does its work. */
export interface ComponentPlan {
  readonly name: string
  readonly binary: string
  readonly args: readonly string[]
  /** Done before each start. */
  readonly prepare?: () => Promise<void>
  /** A line of its log without which it can't be ready. */
  readonly ready: RegExp
  /** Asked after that line until it gives true. */
  readonly isReady: () => Promise<boolean>
}

/** A program of the control plane that can be ended, frozen and started again. */
export class Component {
  readonly name: string
  readonly #plan: ComponentPlan
  #server: RunningServer | undefined

  constructor(plan: ComponentPlan) {
    this.name = plan.name
    this.#plan = plan
  }

  /** Process ID, another one after each start. */
  get pid(): number {
    return this.#running.pid
  }

  /** All it logged since its last start. */
  output(): string {
    return this.#running.output()
  }

  /** Starts it, with what it left where it ran before, and waits until it is ready. Throws with its log otherwise. */
  async start(): Promise<void> {
    const { name, binary, args, prepare, ready, isReady } = this.#plan
    await prepare?.()
    // It ends with this process even when that is killed by SIGKILL. setpriv becomes the program, so the pid is its own.
    const command = ['--pdeathsig', 'KILL', binary, ...args]
    this.#server = await startServer({ command: 'setpriv', args: command, ready, isPreferred: true })
    try {
      await until(`${name} to be ready`, async () => (await isReady().catch(() => false)) || undefined, 30)
    } catch (error) {
      const log = this.output()
      await this.kill()
      throw new Error(`${(error as Error).message}; it logged:\n${log}`, { cause: error })
    }
  }

  /** Ends it by SIGTERM and waits until it is gone. */
  async stop(): Promise<void> {
    await this.#server?.stop()
  }

  /** Ends it by SIGKILL, frozen or not, and waits until it is gone. */
  async kill(): Promise<void> {
    this.#server?.signal('SIGKILL')
    await this.#server?.stop()
  }

  /** Freezes it by SIGSTOP; the kernel goes on accepting connections for it. */
  pause(): void {
    this.#running.signal('SIGSTOP')
  }

  resume(): void {
    this.#running.signal('SIGCONT')
  }

  get #running(): RunningServer {
    if (!this.#server) throw new Error(`${this.name} was never started`)
    return this.#server
  }
}
