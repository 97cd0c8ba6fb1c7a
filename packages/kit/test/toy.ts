// SPDX-License-Identifier: Apache-2.0
import { EventEmitter, once } from 'node:events'
import http from 'node:http'
import https from 'node:https'
import {
  type Collector,
  defineExporter,
  type Exporter,
  type ExporterContext,
  object,
  type RunningExporter,
  type Started,
  type StartOptions,
  secret,
  startExporter,
  text,
} from '@leadline/kit'
import type { Test } from 'tap'

const shape = object('toy', { name: text('a name'), password: secret('a secret') })
const flags = { 'toy.level': { type: 'uint', absent: 1, help: 'A level.' } } as const

export type ToyConfig = { readonly name: string; readonly password: string }
type ToyContext = ExporterContext<ToyConfig, typeof flags>
export type Toy = Exporter<ToyConfig, typeof flags>

/** How the toy differs from the plain one. */
export interface ToyOptions {
  readonly catchAll?: boolean
  readonly collectors?: readonly Collector[]
  readonly start?: (context: ToyContext) => Started
}

/** An exporter about nothing. */
export function makeToy({ catchAll = false, collectors = [], start }: ToyOptions = {}): Toy {
  return defineExporter({
    name: 'toy',
    namespace: 'toy',
    title: 'Toy <exporter>',
    description: 'Measures a toy & no more.',
    port: 19_999,
    flags,
    config: { shape, builtIn: 'name: built-in\npassword: opensesame\n' },
    catchAll,
    start: (context) => ({ collectors, ...start?.(context) }),
  })
}

/** Takes log lines, and waits for them. */
export class LogLines extends EventEmitter {
  readonly lines: string[] = []

  write(line: string): void {
    this.lines.push(line)
    this.emit('line')
  }

  /** Resolves to the first match in a line that is there or comes: its first group, or all of it. */
  async logged(pattern: RegExp): Promise<string> {
    for (;;) {
      const match = this.lines.map((line) => pattern.exec(line)).find((found) => found !== null)
      if (match !== undefined) return match[1] ?? match[0]
      await once(this, 'line')
    }
  }
}

/** A toy that serves on a free loopback port until the test ends. */
export interface ServedToy {
  readonly running: RunningExporter
  readonly log: LogLines
  /** Log lines so far. */
  readonly lines: readonly string[]
  readonly port: number
}

/** Starts a toy; `argv` comes after a loopback listen address. */
export async function serveToy(
  t: Test,
  toy: Toy,
  argv: readonly string[] = [],
  options: Partial<StartOptions> = {},
): Promise<ServedToy> {
  const log = new LogLines()
  const all = ['--web.listen-address=127.0.0.1:0', ...argv]
  const running = await startExporter(toy, { argv: all, stderr: log, ...options })
  t.teardown(() => running.close())
  return { running, log, lines: log.lines, port: running.addresses[0]?.port ?? 0 }
}

/** An HTTP answer. */
export interface Answer {
  readonly status: number
  readonly headers: http.IncomingHttpHeaders
  readonly body: string
}

/** Asks once, on a connection of its own. */
export async function ask(url: string, options: https.RequestOptions & { body?: string } = {}): Promise<Answer> {
  const { request } = url.startsWith('https') ? https : http
  const sent = request(url, { agent: false, ...options })
  sent.end(options.body)
  const [response] = (await once(sent, 'response')) as [http.IncomingMessage]
  const chunks: Buffer[] = await response.toArray()
  return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString() }
}
