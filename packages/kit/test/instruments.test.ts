// SPDX-License-Identifier: Apache-2.0
import { defineMetrics, encode, makeInstruments, promClientFamilies, textFormat } from '@leadline/kit'
import { Registry } from 'prom-client'
import { test } from 'tap'

const table = defineMetrics({
  mesh_peers: { type: 'gauge', help: 'Peers.', source: 'the list' },
  mesh_ping_seconds: {
    type: 'histogram',
    buckets: [0.1, 1],
    help: 'Round trips.',
    labels: { peer: 'the nodes' },
    source: 'pings',
  },
  mesh_pings_total: { type: 'counter', help: 'Pings.', labels: { peer: 'the nodes' }, source: 'pings' },
})

test('a table becomes instruments of one registry', async (t) => {
  const registry = new Registry()
  const instruments = makeInstruments(table, registry)
  instruments.mesh_peers.set(3)
  instruments.mesh_ping_seconds.observe({ peer: 'a' }, 0.5)
  instruments.mesh_pings_total.inc({ peer: 'a' })
  // @ts-expect-error: a label that the table doesn't have
  t.throws(() => instruments.mesh_pings_total.inc({ pear: 'a' }))
  // @ts-expect-error: a name that the table doesn't have
  t.equal(instruments.mesh_pongs_total, undefined)
  t.equal(
    encode(await promClientFamilies(registry, (metric) => t.fail(metric)), textFormat),
    `# HELP mesh_peers Peers.
# TYPE mesh_peers gauge
mesh_peers 3
# HELP mesh_ping_seconds Round trips.
# TYPE mesh_ping_seconds histogram
mesh_ping_seconds_bucket{peer="a",le="0.1"} 0
mesh_ping_seconds_bucket{peer="a",le="1"} 1
mesh_ping_seconds_bucket{peer="a",le="+Inf"} 1
mesh_ping_seconds_sum{peer="a"} 0.5
mesh_ping_seconds_count{peer="a"} 1
# HELP mesh_pings_total Pings.
# TYPE mesh_pings_total counter
mesh_pings_total{peer="a"} 1
`,
  )
  t.throws(() => makeInstruments(table, registry), { message: /already been registered/ })
  t.doesNotThrow(() => makeInstruments(table, new Registry()), 'another registry is another process to them')
})
