// SPDX-License-Identifier: Apache-2.0
import type { FastifyInstance } from 'fastify'
import type { Registry } from 'prom-client'
import type { Clock } from '../clock.ts'
import type { Shape } from '../config/shape.ts'
import type { KitFlags } from '../flags/kit.ts'
import type { FlagTable, FlagValues } from '../flags/table.ts'
import type { Logger, LogLevel } from '../log.ts'
import type { Collector } from '../scrape.ts'
import type { Landing } from './landing.ts'

/** What the kit needs to know to serve an exporter. */
export interface Exporter<C, F extends FlagTable> {
  /** Command word and stem of its own metrics: `cronjob-lag` gives `leadline cronjob-lag` and `cronjob_lag_exporter_build_info`. */
  readonly name: string
  /** First part of the names of its collectors' metrics, as in `etcd` of `etcd_scrape_collector_success`. */
  readonly namespace: string
  /** Name for people, as on the landing page. */
  readonly title: string
  /** One sentence on what it measures. */
  readonly description: string
  /** Where it listens without `--web.listen-address`. */
  readonly port: number
  /** Flags beside the kit's. */
  readonly flags: F
  readonly config: {
    readonly shape: Shape<C>
    /** File of the working directory that counts, if it is there, when `--config.file` isn't given. */
    readonly usualFile?: string
    /** YAML that counts when there is no file. */
    readonly builtIn: string
    /** YAML that the exporter's own flags stand for, in place of a file; undefined when none of them is given. */
    fromFlags?(flags: FlagValues<F>): string | undefined
  }
  /** Whether unknown paths show the landing page with 200, as blackbox_exporter does, instead of 404. */
  readonly catchAll?: boolean
  /** Makes the exporter ready to serve. Rejects when it can't run; the message is told as the reason. */
  start(context: ExporterContext<C, F>): Promise<Started> | Started
}

/** What an exporter is given to live in. */
export interface ExporterContext<C, F extends FlagTable> {
  readonly flags: FlagValues<F> & FlagValues<KitFlags>
  /** The config of now. Take it once a request, so that a reload can't show two configs to one request. */
  readonly config: () => C
  readonly log: Logger
  /** The same log with another threshold. */
  readonly logAt: (level: LogLevel) => Logger
  readonly clock: Clock
  /** Aborted when the exporter has drained: end of watches and tickers. */
  readonly signal: AbortSignal
  /** Registry of instruments that live as long as the exporter; they show on its metrics page. */
  readonly registry: Registry
  /** Where the exporter is reached from outside, without a slash at its end. */
  readonly externalUrl: string
  /** `/` or `/x/`: goes before every path that is linked to. */
  readonly routePrefix: string
}

/** What a started exporter serves. */
export interface Started {
  /** Adds routes; paths are written without the route prefix. */
  readonly routes?: (server: FastifyInstance) => void
  /** Measured at each scrape of the metrics page. */
  readonly collectors?: readonly Collector[]
  /** What the landing page shows beside the kit's links; asked for each page. */
  readonly landing?: () => Landing
  /** Called once, after the last request. */
  readonly stop?: () => Promise<void>
}

/** Keeps the types of an exporter's flags and config. */
export function defineExporter<C, const F extends FlagTable>(exporter: Exporter<C, F>): Exporter<C, F> {
  return exporter
}
