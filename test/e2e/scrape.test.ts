// SPDX-License-Identifier: Apache-2.0
import { createServer } from 'node:http'
import { type Test, test } from 'tap'
import { listen } from '../differential/targets/listen.ts'
import { needServer } from '../servers/find.ts'
import { startLeadline } from '../servers/leadline.ts'
import { type Prometheus, startPrometheus } from '../servers/prometheus.ts'
import { readmeScrapeConfig } from './readme.ts'
import { until } from './until.ts'

const quickly = 'global:\n  scrape_interval: 1s\n  scrape_timeout: 1s\n'

/** Every target was scraped and no scrape had an error. */
async function checkTargets(t: Test, prometheus: Prometheus, count: number): Promise<void> {
  const targets = await until(
    () => prometheus.targets(),
    (all) => all.length === count && all.every(({ health }) => health !== 'unknown'),
  )
  t.strictSame(
    targets.map(({ health, lastError }) => ({ health, lastError })),
    targets.map(() => ({ health: 'up', lastError: '' })),
  )
}

test('Prometheus scrapes probes as the README tells', async (t) => {
  const binary = needServer(t, 'prometheus')
  if (!binary) return
  const good = await listen(createServer((_, reply) => reply.end('fine')))
  const bad = await listen(createServer((_, reply) => reply.writeHead(500).end()))
  t.teardown(() => Promise.all([good.close(), bad.close()]))
  const ours = await startLeadline()
  t.teardown(() => ours.stop())
  const goodUrl = `http://127.0.0.1:${good.port}`
  const badUrl = `http://127.0.0.1:${bad.port}`
  const config = (await readmeScrapeConfig())
    .replaceAll('127.0.0.1:9115', new URL(ours.url).host)
    .replaceAll('https://example.com', goodUrl)
    .replaceAll('http://example.com:8080', badUrl)
  const prometheus = await startPrometheus(binary, quickly + config)
  t.teardown(() => prometheus.stop())

  const probes = await until(
    () => prometheus.query('probe_success'),
    (samples) => samples.length === 2,
  )
  const successes = Object.fromEntries(probes.map(({ metric, value }) => [metric['instance'], value]))
  t.strictSame(successes, { [goodUrl]: '1', [badUrl]: '0' })
  await checkTargets(t, prometheus, 3)
  t.match(await prometheus.query('up'), [{ value: '1' }, { value: '1' }, { value: '1' }])
  t.match(await prometheus.query('probe_http_status_code == 500'), [{ metric: { instance: badUrl } }])
  const self = await prometheus.query('blackbox_exporter_build_info{job="blackbox_exporter"}')
  t.match(self, [{ value: '1' }], 'our own metrics are there')
})

test('Prometheus takes each format it can ask for', async (t) => {
  const binary = needServer(t, 'prometheus')
  if (!binary) return
  const ours = await startLeadline()
  t.teardown(() => ours.stop())
  const address = new URL(ours.url).host
  const protocols = ['OpenMetricsText1.0.0', 'OpenMetricsText0.0.1', 'PrometheusText1.0.0', 'PrometheusText0.0.4']
  const jobs = protocols.flatMap((protocol) => [
    { job_name: `${protocol} metrics`, metrics_path: '/metrics', params: {}, protocol },
    { job_name: `${protocol} probe`, metrics_path: '/probe', params: probeOf(address), protocol },
  ])
  const configs = jobs.map(({ protocol, ...job }) => ({
    ...job,
    scrape_protocols: [protocol],
    static_configs: [{ targets: [address] }],
  }))
  // YAML has all of JSON in it.
  const prometheus = await startPrometheus(binary, `${quickly}scrape_configs: ${JSON.stringify(configs)}`)
  t.teardown(() => prometheus.stop())
  await checkTargets(t, prometheus, jobs.length)
  const successes = await until(
    () => prometheus.query('probe_success == 1'),
    (samples) => samples.length === protocols.length,
  )
  t.equal(successes.length, protocols.length)
})

function probeOf(address: string): Record<string, string[]> {
  return { module: ['tcp_connect'], target: [address] }
}
