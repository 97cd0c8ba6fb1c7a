// SPDX-License-Identifier: Apache-2.0
import type { EventEmitter } from 'node:events'
import { buildInfo, versionText } from '../build-info.ts'
import { helpText } from '../flags/help.ts'
import { flagGroups } from '../flags/kit.ts'
import { FlagError, type FlagTable } from '../flags/table.ts'
import type { WritingLogger } from '../pino-log.ts'
import { ConfigLoadError } from './config-store.ts'
import type { Exporter } from './exporter.ts'
import { logLoadError } from './reload.ts'
import { type Question, readSettings, type Settings } from './settings.ts'
import { configStore, createLog, type RunningExporter, type Surroundings, startWithSettings } from './start.ts'

/** What a program is given; `process` has all of it. */
export interface RunIo extends Surroundings {
  /** The command line without program and command word. */
  readonly argv: readonly string[]
  readonly stdout: { write(text: string): unknown }
  /** Emits SIGTERM, SIGINT and SIGHUP. */
  readonly signals: Pick<EventEmitter, 'on' | 'off'>
}

/**
 * Runs an exporter until a signal ends it, and resolves to the exit code: 0 after SIGTERM, SIGINT, `--help`, `--version` or
 * a good `--config.check`, else 1. Never rejects. The caller exits with the code.
 */
export async function runExporter<C, F extends FlagTable>(exporter: Exporter<C, F>, io: RunIo): Promise<number> {
  let settings: Settings<F> | Question
  try {
    settings = readSettings(exporter, io.argv)
  } catch (error) {
    io.stderr.write(`leadline ${exporter.name}: error: ${(error as Error).message}, try --help\n`)
    return 1
  }
  if (typeof settings === 'string') {
    io.stdout.write(answerTo(settings, exporter))
    return 0
  }
  const log = createLog(settings.flags, io)
  if (settings.flags['config.check']) return checkConfig(exporter, settings, log)
  const signals = new Signals(io.signals)
  try {
    return await signals.guide(await startWithSettings(exporter, settings, log, io))
  } catch (error) {
    reportFailure(log, error)
    return 1
  } finally {
    signals.close()
  }
}

function answerTo<C, F extends FlagTable>(question: Question, exporter: Exporter<C, F>): string {
  if (question === 'version') return versionText(`${exporter.name}_exporter`, buildInfo)
  const groups = flagGroups(exporter.title, exporter.flags, exporter.port)
  return helpText(`leadline ${exporter.name}`, exporter.description, groups)
}

async function checkConfig<C, F extends FlagTable>(
  exporter: Exporter<C, F>,
  { flags }: Settings<F>,
  log: WritingLogger,
): Promise<number> {
  try {
    const store = configStore(exporter, flags, log)
    await store.load()
    log.info('Config file is ok exiting...', { file: store.file })
    return 0
  } catch (error) {
    if (error instanceof FlagError) reportFailure(log, error)
    else logLoadError(log, error)
    return 1
  }
}

/** A config that can't be loaded is logged where it is loaded. */
function reportFailure(log: WritingLogger, error: unknown): void {
  if (error instanceof ConfigLoadError) return
  const reason = error instanceof Error ? error.message : String(error)
  for (const line of reason.split('\n')) log.error('Error starting the exporter', { err: line })
}

/** Signals from before the start until the end. */
class Signals {
  readonly #emitter: Pick<EventEmitter, 'on' | 'off'>
  readonly #first = Promise.withResolvers<string>()
  readonly #second = Promise.withResolvers<string>()
  #count = 0
  #running: RunningExporter | undefined

  constructor(emitter: Pick<EventEmitter, 'on' | 'off'>) {
    this.#emitter = emitter
    emitter.on('SIGTERM', this.#stop)
    emitter.on('SIGINT', this.#stop)
    emitter.on('SIGHUP', this.#reload)
  }

  /** Keeps an exporter running until a signal stops it; resolves to the exit code. */
  async guide(running: RunningExporter): Promise<number> {
    this.#running = running
    const signal = await this.#first.promise
    running.log.info(`Received ${signal}, exiting gracefully...`)
    const drained = running.close().then(() => 0)
    const code = await Promise.race([drained, this.#second.promise.then(() => 1)])
    if (code === 1) {
      running.log.warn('Received a second signal, exiting at once')
      running.end()
    }
    return code
  }

  close(): void {
    this.#emitter.off('SIGTERM', this.#stop)
    this.#emitter.off('SIGINT', this.#stop)
    this.#emitter.off('SIGHUP', this.#reload)
  }

  readonly #stop = (signal: string): void => {
    if (++this.#count === 1) this.#first.resolve(signal)
    else this.#second.resolve(signal)
  }

  readonly #reload = (): void => {
    // A failure is logged and counted where the config is loaded.
    this.#running?.reload().catch(() => undefined)
  }
}
