// SPDX-License-Identifier: Apache-2.0
import { encode, negotiate, promClientFamilies, textFormat } from '@leadline/kit'
import { Counter, Gauge, Histogram, Registry, Summary } from 'prom-client'
import { test } from 'tap'

const openMetrics = negotiate('application/openmetrics-text;version=1.0.0')

function fail(metric: string, error: unknown): never {
  throw new Error(`${metric} failed`, { cause: error })
}

test('every type of prom-client becomes a family, in the order of names', async (t) => {
  const registry = new Registry()
  const registers = [registry]
  const histogram = new Histogram({
    name: 'c_seconds',
    help: 'C.',
    labelNames: ['z', 'a'],
    buckets: [0.5, 1],
    registers,
  })
  histogram.observe({ z: '1', a: '2' }, 0.75)
  new Summary({ name: 'd_seconds', help: 'D.', percentiles: [0.5], registers }).observe(3)
  new Gauge({ name: 'b', help: 'B.', registers }).set(NaN)
  new Counter({ name: 'a_total', help: 'A.', labelNames: ['code'], registers }).inc({ code: 200 }, 2)
  t.equal(
    encode(await promClientFamilies(registry, fail), textFormat),
    `# HELP a_total A.
# TYPE a_total counter
a_total{code="200"} 2
# HELP b B.
# TYPE b gauge
b NaN
# HELP c_seconds C.
# TYPE c_seconds histogram
c_seconds_bucket{a="2",z="1",le="0.5"} 0
c_seconds_bucket{a="2",z="1",le="1"} 1
c_seconds_bucket{a="2",z="1",le="+Inf"} 1
c_seconds_sum{a="2",z="1"} 0.75
c_seconds_count{a="2",z="1"} 1
# HELP d_seconds D.
# TYPE d_seconds summary
d_seconds{quantile="0.5"} 3
d_seconds_sum 3
d_seconds_count 1
`,
  )
})

test('OpenMetrics leaves the names of counters as they are for the next page', async (t) => {
  const registry = new Registry()
  new Counter({ name: 'a_total', help: 'A.', registers: [registry] }).inc()
  t.equal(
    encode(await promClientFamilies(registry, fail), openMetrics),
    '# HELP a A.\n# TYPE a counter\na_total 1.0\n# EOF\n',
  )
  t.equal(
    encode(await promClientFamilies(registry, fail), textFormat),
    '# HELP a_total A.\n# TYPE a_total counter\na_total 1\n',
  )
})

test('a metric that can not be collected costs no other', async (t) => {
  const registry = new Registry()
  const error = new Error('no such file')
  const gauge = (name: string, collect: () => void): Gauge =>
    new Gauge({ name, help: 'Help.', registers: [registry], collect })
  gauge('a', () => Promise.reject(error))
  gauge('b', () => {
    throw error
  })
  gauge('c', () => undefined)
  const failed: Record<string, unknown> = {}
  const families = await promClientFamilies(registry, (metric, cause) => {
    failed[metric] = cause
  })
  t.same(
    families.map(({ name }) => name),
    ['c'],
  )
  t.strictSame(failed, { a: error, b: error })
})
