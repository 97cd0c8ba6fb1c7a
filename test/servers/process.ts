// SPDX-License-Identifier: Apache-2.0
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Folder } from './folder.ts'
import { prefer } from './priority.ts'
import { startStopwatch } from './stopwatch.ts'

/** Grows on a busy machine. */
const readySeconds = 30
const stopSeconds = 10

/** What to start, and how to see that it is ready. */
export interface ServerOptions {
  readonly command: string
  readonly args: readonly string[]
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  /** A line of its output, of either stream, that says it is ready. */
  readonly ready: RegExp
  /** Whether a test waits for it by the second, so that it goes before others. */
  readonly isPreferred?: boolean
  /** Its config and data, removed once it has ended. */
  readonly folder?: Folder
}

/** A real server that a test started. */
export interface RunningServer {
  readonly pid: number
  /** What `ready` matched. */
  readonly readyLine: RegExpMatchArray
  /** All it printed so far, both streams. */
  output(): string
  /** Resolves with the first match in the output so far or still to come. Throws when it ends or 30 s pass before. */
  printed(pattern: RegExp): Promise<RegExpMatchArray>
  /** Sends it a signal; nothing happens when it has ended. */
  signal(name: NodeJS.Signals): void
  /** Ends it by SIGTERM, after 10 s by SIGKILL, and waits until it is gone. Gives the exit code, null after a signal. */
  stop(): Promise<number | null>
}

/** Starts a server and waits for its ready line. Throws with all it printed when it ends or 30 s pass before that. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { command, args, cwd, env, ready } = options
  const child = spawn(command, args, { cwd, env: env ?? process.env, stdio: ['ignore', 'pipe', 'pipe'] })
  if (options.isPreferred) prefer(child.pid)
  const server = new Server(child, [command, ...args].join(' '), options.folder)
  try {
    const readyLine = await server.printed(ready)
    return Object.assign(server, { readyLine, pid: child.pid ?? 0 })
  } catch (error) {
    await server.stop()
    throw error
  }
}

class Server {
  readonly #child: ChildProcess
  readonly #name: string
  readonly #folder: Folder | undefined
  readonly #exit: Promise<number | null>
  readonly #watchers = new Set<() => void>()
  #text = ''
  #ended: string | undefined

  constructor(child: ChildProcess, name: string, folder: Folder | undefined) {
    this.#child = child
    this.#name = name
    this.#folder = folder
    // A test that crashes must not leave its servers behind.
    const kill = () => child.kill('SIGKILL')
    process.once('exit', kill)
    const print = (chunk: string) => {
      this.#text += chunk
      this.#wake()
    }
    child.stdout?.setEncoding('utf8').on('data', print)
    child.stderr?.setEncoding('utf8').on('data', print)
    this.#exit = new Promise((resolve) => {
      child.once('error', (error) => this.#end(`could not start: ${error.message}`, resolve))
      // 'close' and not 'exit': only then all output is there.
      child.once('close', () => process.off('exit', kill))
      child.once('close', (code, signal) => this.#end(`ended with ${signal ?? `code ${code}`}`, resolve))
    })
  }

  output(): string {
    return this.#text
  }

  printed(pattern: RegExp): Promise<RegExpMatchArray> {
    const { promise, resolve, reject } = Promise.withResolvers<RegExpMatchArray>()
    const fail = (why: string) => reject(new Error(`${this.#name} ${why}; it printed:\n${this.#text}`))
    const stopwatch = startStopwatch()
    const wait = (seconds: number): NodeJS.Timeout => setTimeout(giveUp, seconds * 1000)
    const giveUp = (): void => {
      const left = stopwatch.left(readySeconds)
      if (left > 0) timer = wait(left)
      else fail(`did not print ${pattern} in ${stopwatch.seconds.toFixed(1)} s, where ${readySeconds} s are allowed`)
    }
    let timer = wait(readySeconds)
    const look = () => {
      const match = pattern.exec(this.#text)
      if (match) resolve(match)
      else if (this.#ended) fail(`${this.#ended} before it printed ${pattern}`)
    }
    this.#watchers.add(look)
    look()
    return promise.finally(() => {
      clearTimeout(timer)
      this.#watchers.delete(look)
    })
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name)
  }

  async stop(): Promise<number | null> {
    if (this.#ended === undefined) {
      this.#child.kill('SIGTERM')
      const timer = setTimeout(() => this.#child.kill('SIGKILL'), stopSeconds * 1000)
      await this.#exit
      clearTimeout(timer)
    }
    await this.#folder?.remove()
    return this.#exit
  }

  #end(why: string, resolve: (code: number | null) => void): void {
    this.#ended ??= why
    this.#wake()
    resolve(this.#child.exitCode)
  }

  #wake(): void {
    for (const look of this.#watchers) look()
  }
}

/** Runs a program to its end and gives its exit code and all it printed on each stream. */
export async function runToEnd(
  command: string,
  args: readonly string[],
  options: { readonly input?: string; readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(command, args, { cwd: options.cwd, env: options.env ?? process.env })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk
  })
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk
  })
  child.stdin.end(options.input)
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, stdout, stderr }
}

/** Runs a program to its end. Throws with the end of what it printed when its exit code is not 0. */
export async function runOrThrow(
  command: string,
  args: readonly string[],
  cwd?: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<void> {
  const { code, stdout, stderr } = await runToEnd(command, args, { env, ...(cwd && { cwd }) })
  if (code === 0) return
  const tail = `${stdout}${stderr}`.trim().split('\n').slice(-5).join('; ')
  throw new Error(`${command} ${args.join(' ')} ended with code ${code}: ${tail}`)
}
