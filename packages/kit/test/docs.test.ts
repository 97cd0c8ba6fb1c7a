// SPDX-License-Identifier: Apache-2.0
import { defineMetrics, metricsPage } from '@leadline/kit'
import { test } from 'tap'

const probe = defineMetrics({
  probe_success: { type: 'gauge', help: 'Whether it was a success.', source: 'every check' },
  probe_http_duration_seconds: {
    type: 'gauge',
    help: 'Seconds by phase; a | b <c> *d*\nand \\.',
    labels: { phase: 'five phases', address: 'one' },
    source: 'timers',
  },
  probe_expect_info: { type: 'gauge', help: 'One.', labels: { '*': 'from the config' }, source: 'the reply' },
})

const own = defineMetrics({
  mesh_ping_seconds: { type: 'histogram', buckets: [0.001, 1], help: 'Round trips.', source: 'pings' },
  mesh_pings_total: { type: 'counter', help: 'Pings.', labels: { peer: 'the nodes' }, source: 'pings' },
})

test('a page of metrics', async (t) => {
  const sections = [
    { title: 'http', text: 'Of each probe.', metrics: probe },
    { title: 'The exporter', metrics: own },
  ]
  const page = metricsPage('Metrics', sections)
  t.equal(
    page,
    String.raw`# Metrics

Generated from the metric tables; change those, not this page.

## http

Of each probe.

| Metric | Type | Labels | Meaning | Source |
| --- | --- | --- | --- | --- |
| ${'`probe_expect_info`'} | gauge | any: from the config | One. | the reply |
| ${'`probe_http_duration_seconds`'} | gauge | ${'`address`'}: one<br>${'`phase`'}: five phases | Seconds by phase; a \| b \<c> \*d\* and \\. | timers |
| ${'`probe_success`'} | gauge |  | Whether it was a success. | every check |

## The exporter

| Metric | Type | Labels | Meaning | Source |
| --- | --- | --- | --- | --- |
| ${'`mesh_ping_seconds`'} | histogram, buckets 0.001, 1 |  | Round trips. | pings |
| ${'`mesh_pings_total`'} | counter | ${'`peer`'}: the nodes | Pings. | pings |
`,
  )
  const turned = Object.fromEntries(Object.entries(probe).toReversed())
  t.equal(
    metricsPage('Metrics', [{ title: 'http', text: 'Of each probe.', metrics: turned }, sections[1] as never]),
    page,
  )
})
