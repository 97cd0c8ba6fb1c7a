// SPDX-License-Identifier: Apache-2.0
import { collectDefaultMetrics, type Gauge, Registry } from 'prom-client'
import type { BuildInfo } from './build-info.ts'
import type { Clock } from './clock.ts'
import { promClientFamilies } from './exposition/prom-client.ts'
import { type Instruments, makeInstruments } from './instruments.ts'
import type { Logger } from './log.ts'
import { defineMetrics, type MetricTable } from './module.ts'
import type { Family } from './samples.ts'

/** What every exporter tells of its build and its config: `cronjob-lag` gives `cronjob_lag_exporter_build_info` and so on. */
export function selfMetrics(name: string): MetricTable {
  const stem = stemOf(name)
  return {
    [`${stem}_exporter_build_info`]: {
      type: 'gauge',
      help: 'Constant 1; the labels tell the build, the Node version and the platform.',
      labels: {
        version: 'one, of the release',
        revision: 'one commit, or unknown',
        branch: 'one, or unknown',
        nodeversion: 'one',
        goos: 'one, as Go names it',
        goarch: 'one, as Go names it',
      },
      source: 'package.json and process.version',
    },
    [`${stem}_exporter_config_last_reload_successful`]: {
      type: 'gauge',
      help: 'Whether the last attempt to load the configuration succeeded.',
      source: 'start, POST /-/reload, SIGHUP, auto-reload',
    },
    [`${stem}_exporter_config_last_reload_success_timestamp_seconds`]: {
      type: 'gauge',
      help: 'Unix time of the last load of the configuration that succeeded, an unchanged one included.',
      source: 'start, POST /-/reload, SIGHUP, auto-reload',
    },
  }
}

/** What the metrics page tells of itself, by the names of Go's promhttp. */
export const pageMetrics = defineMetrics({
  promhttp_metric_handler_requests_total: {
    type: 'counter',
    help: 'Metrics pages by HTTP status code.',
    labels: { code: '200, 400, 500, 503' },
    source: 'the metrics page',
  },
  promhttp_metric_handler_requests_in_flight: {
    type: 'gauge',
    help: 'Metrics pages being made, this one included.',
    source: 'the metrics page',
  },
})

let processRegistry: Registry | undefined

/** The process_* and nodejs_* metrics; one registry for all exporters of a process, since their observers never end. */
function sharedProcessRegistry(): Registry {
  if (processRegistry === undefined) {
    processRegistry = new Registry()
    // The default looks at the event loop 100 times a second, which is a tenth of what an exporter that waits costs.
    collectDefaultMetrics({ register: processRegistry, eventLoopMonitoringPrecision: 100 })
  }
  return processRegistry
}

/** What an exporter tells of itself on its metrics page. */
export class SelfMetrics {
  /** Also takes the exporter's own instruments. */
  readonly registry = new Registry()
  readonly #pageRegistry = new Registry()
  readonly #clock: Clock
  readonly #reloaded: Gauge
  readonly #reloadedAt: Gauge
  readonly #page: Instruments<typeof pageMetrics>

  /** `name` is the stem, as for `selfMetrics`. */
  constructor(name: string, build: BuildInfo, clock: Clock) {
    this.#clock = clock
    const made = makeInstruments(selfMetrics(name), this.registry)
    const gauge = (suffix: string): Gauge => made[`${stemOf(name)}_exporter_${suffix}`] as unknown as Gauge
    gauge('build_info').set(buildLabels(build), 1)
    this.#reloaded = gauge('config_last_reload_successful')
    this.#reloadedAt = gauge('config_last_reload_success_timestamp_seconds')
    this.#page = makeInstruments(pageMetrics, this.#pageRegistry)
    for (const code of ['200', '500', '503']) this.#page.promhttp_metric_handler_requests_total.inc({ code }, 0)
    // Its observers count from here on, not from the first scrape.
    sharedProcessRegistry()
  }

  /** Notes how an attempt to load the config ended. */
  configLoaded(successful: boolean): void {
    this.#reloaded.set(successful ? 1 : 0)
    if (successful) this.#reloadedAt.set(this.#clock.unix())
  }

  /** Notes that so many metrics pages are being made. */
  pagesInFlight(count: number): void {
    this.#page.promhttp_metric_handler_requests_in_flight.set(count)
  }

  /** Counts a metrics page that was answered. */
  pageAnswered(code: number): void {
    this.#page.promhttp_metric_handler_requests_total.inc({ code: String(code) })
  }

  /** All families, one list for each registry; `withProcess` is false under `--web.disable-exporter-metrics`. */
  async families(withProcess: boolean, log: Logger): Promise<(readonly Family[])[]> {
    const registries = withProcess ? [this.registry, this.#pageRegistry, sharedProcessRegistry()] : [this.registry]
    const failed = (metric: string, err: unknown): void => log.error('Unable to read a metric', { metric, err })
    return Promise.all(registries.map((registry) => promClientFamilies(registry, failed)))
  }
}

function buildLabels({ version, revision, branch, nodeVersion, os, arch }: BuildInfo): Record<string, string> {
  return { version, revision, branch, nodeversion: nodeVersion, goos: os, goarch: arch }
}

function stemOf(name: string): string {
  return name.replaceAll('-', '_')
}
