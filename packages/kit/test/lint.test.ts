// SPDX-License-Identifier: Apache-2.0
import { lint, type MetricSpec } from '@leadline/kit'
import { test } from 'tap'

const good: MetricSpec = { type: 'gauge', help: 'Good.', labels: { phase: 'two' }, source: 'the test' }

const cases: readonly (readonly [name: string, change: Partial<MetricSpec>, rule: string, message: string])[] = [
  ['aB_seconds', {}, 'name', 'the name is not lower-case words joined by underscores'],
  ['job:a:rate', {}, 'name', 'the name is not lower-case words joined by underscores'],
  ['a__c', {}, 'name', 'the name is not lower-case words joined by underscores'],
  ['_a', {}, 'name', 'the name is not lower-case words joined by underscores'],
  [
    'a',
    { help: '' },
    'help',
    'the help is not one line that begins with a capital or a digit and ends with a full stop',
  ],
  [
    'a',
    { help: 'no capital.' },
    'help',
    'the help is not one line that begins with a capital or a digit and ends with a full stop',
  ],
  [
    'a',
    { help: 'No full stop' },
    'help',
    'the help is not one line that begins with a capital or a digit and ends with a full stop',
  ],
  [
    'a',
    { help: 'Two\nlines.' },
    'help',
    'the help is not one line that begins with a capital or a digit and ends with a full stop',
  ],
  ['a', { source: ' ' }, 'source', 'the source is empty'],
  ['a', { type: 'counter' }, 'total', 'a counter does not end in _total'],
  ['a_total', {}, 'total', 'a gauge ends in _total'],
  ['a_bucket', {}, 'suffix', '_bucket is kept for series that a type adds'],
  ['a_count', {}, 'suffix', '_count is kept for series that a type adds'],
  ['a_sum', {}, 'suffix', '_sum is kept for series that a type adds'],
  ['a_created', {}, 'suffix', '_created is kept for series that a type adds'],
  ['a_gauge_z', {}, 'type', 'the name has the type gauge in it'],
  ['a_counter', {}, 'type', 'the name has the type counter in it'],
  ['a_milliseconds', {}, 'unit', 'the unit is milliseconds, not seconds'],
  ['a_days_z', {}, 'unit', 'the unit is days, not seconds'],
  ['a_kibibytes', {}, 'unit', 'the unit is kibibytes, not bytes'],
  ['a_percent', {}, 'unit', 'the unit is percent, not ratio'],
  ['a_ms', {}, 'abbreviation', 'the name abbreviates a unit to ms'],
  ['a_kb_b_c', {}, 'abbreviation', 'the name abbreviates a unit to kb'],
  ['a_timestamp', {}, 'time', 'a point in time ends in _timestamp_seconds, a duration in _seconds, not in _timestamp'],
  ['a_expiry', {}, 'time', 'a point in time ends in _timestamp_seconds, a duration in _seconds, not in _expiry'],
  ['process_a', {}, 'namespace', 'the name is kept for client libraries and Prometheus'],
  ['scrape_a', {}, 'namespace', 'the name is kept for client libraries and Prometheus'],
  ['up', {}, 'namespace', 'the name is kept for client libraries and Prometheus'],
  ['a', { labels: { aB: 'x' } }, 'label', 'the label aB is not snake_case'],
  ['a', { labels: { __a: 'x' } }, 'label', 'the label __a is not snake_case'],
  ['a', { labels: { le: 'x' } }, 'reserved', 'the label le is kept for buckets'],
  ['a', { labels: { quantile: 'x' } }, 'reserved', 'the label quantile is kept for buckets'],
  ['a', { labels: { b: 'x', cluster: 'x' } }, 'target', 'the label cluster is for the scrape config to set'],
  ['a_by_code', { labels: { code: 'x' } }, 'repeated', 'the label code is in the name already'],
  ['a', { labels: { b: '' } }, 'bound', 'the label b has no bound on its values'],
]

test('each rule finds its mistake, and only that', async (t) => {
  for (const [metric, change, rule, message] of cases) {
    t.strictSame(lint({ [metric]: { ...good, ...change } }), [{ metric, rule, message }], `${rule}: ${metric}`)
  }
  t.match(lint({ a_info: { ...good, type: 'histogram', buckets: [1] } }), [
    { metric: 'a_info', rule: 'info', message: 'a histogram ends in _info' },
  ])
})

test('good rows pass', async (t) => {
  const names = [
    'probe_success',
    'probe_http_content_length',
    'probe_icmp_reply_hop_limit',
    'probe_failed_due_to_regex',
    'probe_dns_lookup_time_seconds',
    'probe_ssl_last_chain_expiry_timestamp_seconds',
    'probe_ssl_last_chain_info',
    'a_constructor',
    'a_ratio',
    'a_celsius',
    'b',
  ]
  t.strictSame(lint(Object.fromEntries(names.map((name) => [name, good]))), [])
  t.strictSame(lint({ probe_expect_info: { ...good, labels: { '*': 'from the config' } } }), [])
  t.strictSame(lint({ a_seconds: { ...good, type: 'histogram', buckets: [1] } }), [])
  t.strictSame(lint({ a_total: { ...good, type: 'counter' } }), [])
})

test('names that meet in some format are told', async (t) => {
  t.strictSame(lint({ a_total: { ...good, type: 'counter' }, a: good }), [
    { metric: 'a', rule: 'collision', message: 'a_total has the name a too in some format' },
  ])
  t.match(lint({ a: { ...good, type: 'histogram', buckets: [1] }, a_count: good }), [
    { metric: 'a_count', rule: 'suffix' },
    { metric: 'a_count', rule: 'collision' },
  ])
})

test('an exception excuses one rule of one metric, and must be needed', async (t) => {
  const table = { a_expiry: { ...good, help: '' }, b_expiry: good }
  const reason = "the peer's name"
  t.strictSame(
    lint(table, { a_expiry: { time: reason, unit: reason }, b_expiry: { time: reason }, c: { time: reason } }).map(
      ({ metric, rule, message }) => `${metric} ${rule}: ${message}`,
    ),
    [
      'a_expiry help: the help is not one line that begins with a capital or a digit and ends with a full stop',
      'a_expiry exception: nothing here breaks the rule unit',
      'c exception: nothing here breaks the rule time',
    ],
  )
})
