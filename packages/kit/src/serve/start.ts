// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs'
import { buildInfo } from '../build-info.ts'
import { type Clock, systemClock } from '../clock.ts'
import { printConfig } from '../config/load.ts'
import type { KitFlags } from '../flags/kit.ts'
import { FlagError, type FlagTable, type FlagValues } from '../flags/table.ts'
import type { Logger } from '../log.ts'
import { createLogger, type WritingLogger } from '../pino-log.ts'
import type { Collector } from '../scrape.ts'
import { SelfMetrics } from '../self.ts'
import { ConfigStore } from './config-store.ts'
import type { Exporter, ExporterContext, Started } from './exporter.ts'
import { type ClientLimits, clientLimits } from './front.ts'
import type { BoundAddress, ListenTarget } from './listen.ts'
import { MetricsPage } from './metrics-page.ts'
import { Reloader } from './reload.ts'
import { buildServer, type ServerDeps } from './server.ts'
import { readSettings, type Settings } from './settings.ts'
import { systemdSockets } from './systemd.ts'
import { WebFront } from './web-front.ts'

/** Where an exporter lives. */
export interface Surroundings {
  /** Takes log lines. */
  readonly stderr: { write(text: string): unknown }
  /** Where systemd says what it hands over; `process.env` by default. */
  readonly environment?: NodeJS.ProcessEnv
  readonly clock?: Clock
  readonly limits?: ClientLimits
}

/** How an exporter is started. */
export interface StartOptions extends Surroundings {
  /** The command line without program and command word. */
  readonly argv: readonly string[]
}

/** An exporter that serves. */
export interface RunningExporter {
  readonly addresses: readonly BoundAddress[]
  /** Where it is reached on this machine, with the route prefix and a slash at its end. */
  readonly url: string
  readonly log: WritingLogger
  /** Loads the config again. Rejects with ConfigLoadError; the last good one stays. */
  reload(): Promise<void>
  /** Stops accepting, answers what was asked within the limit, and ends everything. */
  close(): Promise<void>
  /** Ends every connection at once; `close` then has nothing to wait for. */
  end(): void
}

/**
 * Starts an exporter and resolves when it listens. Installs no signal handlers, so a process can hold several. Rejects with
 * FlagError, with ConfigLoadError (logged already) or with the reason why it can't serve.
 */
export async function startExporter<C, F extends FlagTable>(
  exporter: Exporter<C, F>,
  options: StartOptions,
): Promise<RunningExporter> {
  const settings = readSettings(exporter, options.argv)
  if (typeof settings === 'string') throw new FlagError(`--${settings} is no way to start an exporter`)
  const log = createLog(settings.flags, options)
  return startWithSettings(exporter, settings, log, options)
}

/** The log that the flags ask for. */
export function createLog(flags: FlagValues<KitFlags>, { stderr, clock = systemClock }: Surroundings): WritingLogger {
  const destination = { write: (line: string) => void stderr.write(line) }
  return createLogger({ level: flags['log.level'], format: flags['log.format'], destination, clock })
}

/** The config that the flags name or are. Throws FlagError when they do both. */
export function configStore<C, F extends FlagTable>(
  exporter: Exporter<C, F>,
  flags: Settings<F>['flags'],
  log: Logger,
): ConfigStore<C> {
  const { shape, builtIn, usualFile } = exporter.config
  const given = flags['config.file']
  const warn = (warning: string): void => log.warn('Config needs a look', { warning })
  const text = exporter.config.fromFlags?.(flags)
  if (text !== undefined) {
    if (given !== '') throw new FlagError('--config.file and flags that stand for a config exclude one another')
    return new ConfigStore({ shape, file: '', builtIn: text, builtInTitle: 'command line', warn })
  }
  const file = given === '' && usualFile !== undefined && existsSync(usualFile) ? usualFile : given
  return new ConfigStore({ shape, file, builtIn, builtInTitle: 'built-in config', warn })
}

/** Starts an exporter whose command line is read. */
export async function startWithSettings<C, F extends FlagTable>(
  exporter: Exporter<C, F>,
  settings: Settings<F>,
  log: WritingLogger,
  surroundings: Surroundings,
): Promise<RunningExporter> {
  const running = new Running(exporter, settings, log, surroundings)
  try {
    await running.start()
    return running
  } catch (error) {
    running.end()
    await running.close()
    throw error
  }
}

class Running<C, F extends FlagTable> implements RunningExporter {
  readonly log: WritingLogger
  addresses: readonly BoundAddress[] = []
  readonly #exporter: Exporter<C, F>
  readonly #settings: Settings<F>
  readonly #flags: FlagValues<KitFlags>
  readonly #environment: NodeJS.ProcessEnv
  readonly #clock: Clock
  readonly #store: ConfigStore<C>
  readonly #self: SelfMetrics
  readonly #reloader: Reloader
  readonly #limits: ClientLimits
  readonly #life = new AbortController()
  #front: WebFront | undefined
  #started: Started | undefined
  #ready = false

  constructor(
    exporter: Exporter<C, F>,
    settings: Settings<F>,
    log: WritingLogger,
    { clock = systemClock, environment = process.env, limits = clientLimits }: Surroundings,
  ) {
    this.log = log
    this.#exporter = exporter
    this.#settings = settings
    this.#flags = settings.flags
    this.#environment = environment
    this.#clock = clock
    this.#limits = limits
    this.#store = configStore(exporter, settings.flags, log)
    this.#self = new SelfMetrics(exporter.name, buildInfo, clock)
    this.#reloader = new Reloader(this.#store, this.#self, log)
  }

  get url(): string {
    return localUrl(this.#front?.scheme ?? 'http', this.addresses, this.#settings.location.routePrefix)
  }

  async start(): Promise<void> {
    const { version, revision, branch } = buildInfo
    this.log.info(`Starting ${this.#exporter.name}_exporter`, { version, revision, branch })
    await this.#reloader.reload()
    const options = {
      configFile: this.#flags['web.config.file'],
      limits: this.#limits,
      log: this.log,
      clock: this.#clock,
    }
    this.#front = new WebFront(options)
    this.#started = await this.#exporter.start(this.#context())
    await buildServer(this.#serverDeps(this.#front, this.#started))
    this.addresses = await this.#front.listen(this.#targets())
    if (this.#flags['config.enable-auto-reload']) {
      this.#reloader.watch(this.#flags['config.auto-reload-interval'], this.#life.signal)
    }
    this.#ready = true
  }

  reload(): Promise<void> {
    return this.#reloader.reload()
  }

  async close(): Promise<void> {
    this.#ready = false
    await this.#front?.drain()
    this.#life.abort()
    const started = this.#started
    this.#started = undefined
    await started?.stop?.()
  }

  end(): void {
    this.#front?.end()
  }

  #targets(): readonly ListenTarget[] {
    const { targets } = this.#settings
    if (targets !== undefined) return targets
    this.log.info('Listening on systemd activated listeners instead of port listeners.')
    return systemdSockets(this.#environment, process.pid)
  }

  #context(): ExporterContext<C, F> {
    return {
      flags: this.#settings.flags,
      config: this.#store.current,
      log: this.log,
      logAt: (level) => this.log.at(level),
      clock: this.#clock,
      signal: this.#life.signal,
      registry: this.#self.registry,
      ...this.#settings.location,
    }
  }

  #serverDeps(front: WebFront, started: Started): ServerDeps {
    const { title, description, catchAll = false, config } = this.#exporter
    return {
      title,
      version: buildInfo.version,
      description,
      catchAll,
      location: this.#settings.location,
      telemetryPath: this.#flags['web.telemetry-path'],
      metrics: this.#metricsPage(started.collectors ?? []),
      printConfig: () => printConfig(config.shape, this.#store.current(), 4),
      reload: () => this.#reloader.reload(),
      isReady: () => this.#ready,
      landing: () => started.landing?.() ?? {},
      routes: (server) => started.routes?.(server),
      httpServer: front.serve,
      log: this.log,
    }
  }

  #metricsPage(collectors: readonly Collector[]): MetricsPage {
    return new MetricsPage({
      namespace: this.#exporter.namespace,
      collectors,
      self: this.#self,
      maxRequests: this.#flags['web.max-requests'],
      withProcess: !this.#flags['web.disable-exporter-metrics'],
      log: this.log,
      clock: this.#clock,
    })
  }
}

function localUrl(scheme: string, addresses: readonly BoundAddress[], routePrefix: string): string {
  const [first] = addresses
  const isEverywhere = first === undefined || first.host === '::' || first.host === '0.0.0.0'
  return `${scheme}://${isEverywhere ? `localhost:${first?.port ?? 0}` : first.text}${routePrefix}`
}
