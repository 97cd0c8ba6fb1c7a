// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { compress, contentType, encode, negotiate, negotiateEncoding } from '@leadline/kit'
import { test } from 'tap'
import { needServer } from '../../../test/servers/find.ts'
import { type Prometheus, startPrometheus } from '../../../test/servers/prometheus.ts'
import { hostileFamilies, hostileValues } from './hostile-samples.ts'

interface Job {
  /** Lines of its scrape config. */
  readonly config: string
  readonly contentType: string
  /** The odd label name as Prometheus stores it. */
  readonly label: string
}

const openMetrics = 'application/openmetrics-text; version=1.0.0; charset=utf-8; escaping='
const jobs: Readonly<Record<string, Job>> = {
  default: { config: '', contentType: `${openMetrics}allow-utf-8`, label: 'odd.name:1' },
  underscores: {
    config: 'metric_name_escaping_scheme: underscores',
    contentType: `${openMetrics}underscores`,
    label: 'odd_name_1',
  },
  dots: {
    config: 'metric_name_escaping_scheme: dots',
    contentType: `${openMetrics}dots`,
    label: 'odd_dot_name__1',
  },
  values: {
    config: 'metric_name_escaping_scheme: values',
    contentType: `${openMetrics}values`,
    label: 'U__odd_2e_name_3a_1',
  },
  text100: {
    config: 'scrape_protocols: [PrometheusText1.0.0]',
    contentType: 'text/plain; version=1.0.0; charset=utf-8; escaping=allow-utf-8',
    label: 'odd.name:1',
  },
  text004: {
    config: 'scrape_protocols: [PrometheusText0.0.4]',
    contentType: 'text/plain; version=0.0.4; charset=utf-8; escaping=underscores',
    label: 'odd_name_1',
  },
  native: {
    config: 'scrape_native_histograms: true',
    contentType: `${openMetrics}allow-utf-8`,
    label: 'odd.name:1',
  },
  plain: { config: 'enable_compression: false', contentType: `${openMetrics}allow-utf-8`, label: 'odd.name:1' },
}

/** Serves the hostile samples as asked. */
class Exporter {
  readonly answers = new Map<string, { contentType: string; encoding: string }>()
  readonly server = createServer((request, response) => void this.#answer(request, response))
  #waiting = new Set<string>()
  #round = Promise.withResolvers<void>()

  /** Resolves when each job has begun one more scrape, and so has ended the one before. */
  async round(): Promise<void> {
    this.#waiting = new Set(Object.keys(jobs))
    this.#round = Promise.withResolvers()
    await this.#round.promise
  }

  async #answer({ url = '', headers }: IncomingMessage, response: ServerResponse): Promise<void> {
    const job = url.slice(1)
    if (this.#waiting.delete(job) && this.#waiting.size === 0) this.#round.resolve()
    const format = negotiate(headers.accept)
    const page = encode(hostileFamilies(), format)
    const encoding = negotiateEncoding(headers['accept-encoding'], page.length)
    this.answers.set(job, { contentType: contentType(format), encoding })
    response.setHeader('Content-Type', contentType(format))
    if (encoding !== 'identity') response.setHeader('Content-Encoding', encoding)
    response.end(await compress(page, encoding))
  }
}

function config(target: string): string {
  const scrapes = Object.entries(jobs).map(([job, { config: own }]) =>
    [`- job_name: ${job}`, `metrics_path: /${job}`, `static_configs: [{targets: ['${target}']}]`, own].join('\n  '),
  )
  return `global: {scrape_interval: 500ms, scrape_timeout: 500ms}\nscrape_configs:\n${scrapes.join('\n')}\n`
}

/** Waits until each job has a scrape in the store; on a busy machine the first may come too late. */
async function scraped(exporter: Exporter, prometheus: Prometheus): Promise<void> {
  await exporter.round()
  const targets = await prometheus.targets()
  return targets.every(({ health }) => health === 'up') ? exporter.round() : scraped(exporter, prometheus)
}

test('Prometheus stores what was sent, in whatever format and coding it asked for', async (t) => {
  const binary = needServer(t, 'prometheus')
  if (binary === undefined) return
  const exporter = new Exporter()
  t.teardown(() => exporter.server.closeAllConnections())
  t.teardown(() => exporter.server.close())
  await once(exporter.server.listen(0, '127.0.0.1'), 'listening')
  const { port } = exporter.server.address() as AddressInfo
  const prometheus = await startPrometheus(binary, config(`127.0.0.1:${port}`), ['--enable-feature=zstd-scrape'])
  t.teardown(() => prometheus.stop())
  await scraped(exporter, prometheus)
  const check = async ([job, { contentType: type, label }]: [string, Job]): Promise<void> => {
    const encoding = job === 'plain' ? 'identity' : 'zstd'
    t.strictSame(exporter.answers.get(job), { contentType: type, encoding }, job)
    const samples = await prometheus.query(`sort(probe_info{job="${job}"})`)
    t.strictSame(
      samples.map(({ metric, value }) => [metric['place'], value, metric[label]]),
      hostileValues.map((text, i) => [`${i}`, `${i}`, text.toWellFormed()]),
      `${job}: labels`,
    )
    const numbers = await prometheus.query(`{__name__=~"probe_requests_total|probe_unknown", job="${job}"}`)
    t.strictSame(numbers.map(({ value }) => value).toSorted(), ['1e+21', 'NaN'], `${job}: numbers`)
  }
  await Promise.all(Object.entries(jobs).map(check))
})
