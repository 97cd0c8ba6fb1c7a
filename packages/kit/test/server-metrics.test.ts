// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events'
import http from 'node:http'
import { gunzipSync } from 'node:zlib'
import { CheckFailed, type Collector, collector, defineModule, object, type Started } from '@leadline/kit'
import { Gauge, type Registry } from 'prom-client'
import { test } from 'tap'
import { ask, makeToy, serveToy } from './toy.ts'

/** A collector with one metric, `toy_<name>`, whose runs do as they are told. */
function collect(name: string, run: (set: (value: number) => void) => Promise<void>): Collector {
  const metric = `toy_${name}`
  const module = defineModule({
    name,
    metrics: { [metric]: { type: 'gauge', help: 'A value.', source: 'the test' } },
    config: object('none', {}),
    run: ({ set }) => run((value) => set(metric, value)),
  })
  return collector(module, () => ({}))
}

const fine = collect('fine', async (set) => set(1))
const failing = collect('failing', async (set) => {
  set(2)
  throw new CheckFailed('The target is at fault')
})
const hanging = collect('hanging', async (set) => {
  set(3)
  await new Promise(() => undefined)
})

/** What a toy with an instrument and two collectors starts with. */
function startCollecting({ registry }: { registry: Registry }): Started {
  new Gauge({ name: 'toy_own', help: 'An instrument.', registers: [registry] }).set(7)
  return { collectors: [fine, failing] }
}

test('the metrics page', async (t) => {
  const { running, lines } = await serveToy(t, makeToy({ start: startCollecting }))
  const { status, headers, body } = await ask(`${running.url}metrics`)
  t.equal(status, 200)
  t.match(headers['content-type'], /^text\/plain; version=0\.0\.4; charset=utf-8/)
  t.match(Number(headers['process-start-time-unix']) > 1_700_000_000, true)
  for (const line of [
    /^toy_fine 1$/m,
    /^toy_failing 2$/m,
    /^toy_own 7$/m,
    /^toy_scrape_collector_success\{collector="fine"\} 1$/m,
    /^toy_scrape_collector_success\{collector="failing"\} 0$/m,
    /^toy_scrape_collector_duration_seconds\{collector="failing"\} /m,
    /^toy_exporter_build_info\{branch=".*",goarch=".*",goos=".*",nodeversion="v.*",revision=".*",version=".*"\} 1$/m,
    /^toy_exporter_config_last_reload_successful 1$/m,
    /^toy_exporter_config_last_reload_success_timestamp_seconds 1\.\d+e\+09$/m,
    /^promhttp_metric_handler_requests_total\{code="200"\} 0$/m,
    /^promhttp_metric_handler_requests_total\{code="503"\} 0$/m,
    /^promhttp_metric_handler_requests_in_flight 1$/m,
    /^process_cpu_seconds_total /m,
    /^nodejs_version_info\{/m,
  ]) {
    t.match(body, line)
  }
  t.match(lines.join(''), 'level=ERROR msg="The target is at fault"')
  const second = await ask(`${running.url}metrics`, { headers: { 'Accept-Encoding': 'gzip' }, method: 'POST' })
  t.equal(second.status, 200)
  t.equal(second.headers['content-encoding'], 'gzip')
  t.equal(second.headers['process-start-time-unix'], headers['process-start-time-unix'])
  const openMetrics = await ask(`${running.url}metrics`, {
    headers: { Accept: 'application/openmetrics-text; version=1.0.0' },
  })
  t.match(openMetrics.headers['content-type'], /^application\/openmetrics-text; version=1\.0\.0/)
  t.match(openMetrics.body, /# EOF\n$/)
  t.match(openMetrics.body, /^promhttp_metric_handler_requests_total\{code="200"\} 2(\.0)?$/m)
})

test('gzip is what it says', async (t) => {
  const { running } = await serveToy(t, makeToy())
  const request = http.get(`${running.url}metrics`, { headers: { 'Accept-Encoding': 'gzip' }, agent: false })
  const [response] = (await once(request, 'response')) as [http.IncomingMessage]
  const bytes: Buffer[] = await response.toArray()
  t.match(gunzipSync(Buffer.concat(bytes)).toString(), /^toy_exporter_build_info/m)
})

test('collect[] and name[]', async (t) => {
  const { running } = await serveToy(t, makeToy({ collectors: [fine, failing] }))
  const some = await ask(`${running.url}metrics?collect[]=fine`)
  t.match(some.body, /^toy_fine 1$/m)
  t.notMatch(some.body, 'failing')
  const both = await ask(`${running.url}metrics?collect[]=fine&collect%5B%5D=failing`)
  t.match(both.body, /^toy_failing 2$/m)
  t.match(await ask(`${running.url}metrics?collect[]=fien`), {
    status: 400,
    body: 'unknown collector "fien"; did you mean fine? allowed: fine, failing\n',
  })
  const named = await ask(`${running.url}metrics?name[]=toy_fine&name[]=toy_exporter_build_info&name[]=nothing`)
  t.strictSame(named.body.match(/^# TYPE (\S+)/gm), ['# TYPE toy_exporter_build_info', '# TYPE toy_fine'])
})

test('only metrics about what it measures', async (t) => {
  const { running } = await serveToy(t, makeToy({ collectors: [fine] }), ['--web.disable-exporter-metrics'])
  const { body } = await ask(`${running.url}metrics`)
  t.strictSame(
    [...body.matchAll(/^# TYPE (\S+)/gm)].map((match) => match[1]),
    [
      'toy_exporter_build_info',
      'toy_exporter_config_last_reload_success_timestamp_seconds',
      'toy_exporter_config_last_reload_successful',
      'toy_fine',
      'toy_scrape_collector_duration_seconds',
      'toy_scrape_collector_success',
    ],
  )
})

test('a hanging collector costs only its own metrics, and the page arrives within the timeout of the scraper', async (t) => {
  const { running } = await serveToy(t, makeToy({ collectors: [fine, hanging] }))
  const begin = performance.now()
  const { body } = await ask(`${running.url}metrics`, { headers: { 'X-Prometheus-Scrape-Timeout-Seconds': '0.7' } })
  t.ok(performance.now() - begin < 700, 'within the timeout')
  t.match(body, /^toy_fine 1$/m)
  t.match(body, /^toy_hanging 3$/m, 'what it had measured')
  t.match(body, /^toy_scrape_collector_success\{collector="hanging"\} 0$/m)
  const duration = /^toy_scrape_collector_duration_seconds\{collector="hanging"\} (\S+)$/m.exec(body)?.[1]
  t.ok(Number(duration) > 0.15, `its deadline leaves half a second for the way: ${duration}`)
})

/** A collector that shows how often it was begun, and ends when it is told. */
function makeGated() {
  const gates: (() => void)[] = []
  const begun = Promise.withResolvers<void>()
  const gated = collect('gated', async (set) => {
    const number = gates.length + 1
    const { promise, resolve } = Promise.withResolvers<void>()
    gates.push(resolve)
    if (number === 2) begun.resolve()
    await promise
    set(number)
  })
  return { gated, gates, begun: begun.promise }
}

test('overlapping scrapes have their own samples; more than the limit are refused', async (t) => {
  const { gated, gates, begun } = makeGated()
  const { running } = await serveToy(t, makeToy({ collectors: [gated] }), ['--web.max-requests=2'])
  const first = ask(`${running.url}metrics`)
  const second = ask(`${running.url}metrics`)
  await begun
  const third = await ask(`${running.url}metrics`)
  t.match(third, { status: 503, body: 'Limit of concurrent requests reached (2), try again later.\n' })
  t.equal((await ask(`${running.url}-/healthy`)).status, 200, 'other pages have no limit')
  gates[1]?.()
  gates[0]?.()
  const bodies = (await Promise.all([first, second])).map(({ body }) => /^toy_gated (\d)$/m.exec(body)?.[1])
  t.strictSame(new Set(bodies), new Set(['1', '2']))
  const last = ask(`${running.url}metrics`)
  while (gates.length < 3) await new Promise(setImmediate)
  gates[2]?.()
  const { body } = await last
  t.match(body, /^promhttp_metric_handler_requests_total\{code="503"\} 1$/m)
  t.match(body, /^promhttp_metric_handler_requests_total\{code="200"\} 2$/m)
  t.match(body, /^promhttp_metric_handler_requests_in_flight 1$/m)
})

/** What a toy with an instrument that never answers starts with. */
function startStuck({ registry }: { registry: Registry }): Started {
  const stuck = new Gauge({
    name: 'toy_stuck',
    help: 'Stuck.',
    registers: [registry],
    collect: () => new Promise<void>(() => undefined),
  })
  stuck.set(1)
  return {}
}

test('an instrument that never answers gives 503', async (t) => {
  const { running } = await serveToy(t, makeToy({ start: startStuck }))
  const headers = { 'X-Prometheus-Scrape-Timeout-Seconds': '0.6' }
  t.match(await ask(`${running.url}metrics`, { headers }), { status: 503, body: /^Exceeded the timeout/ })
})

test('a page that contradicts itself gives 500 and a log line', async (t) => {
  const twin = { ...fine, name: 'twin' }
  const { running, lines } = await serveToy(t, makeToy({ collectors: [fine, twin] }))
  t.match(await ask(`${running.url}metrics`), { status: 500, body: /^An error has occurred/ })
  t.match(lines.join(''), 'msg="Unable to make the metrics page" err="metric toy_fine comes twice')
})
