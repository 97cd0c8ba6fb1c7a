// SPDX-License-Identifier: Apache-2.0
import { encode, type Family, negotiate, type Sample, textFormat } from '@leadline/kit'
import { test } from 'tap'

const openMetrics = negotiate('application/openmetrics-text;version=1.0.0')

function sample(value: number, labels: Sample['labels'] = [], suffix = ''): Sample {
  return { suffix, labels, value }
}

const probe: readonly Family[] = [
  {
    name: 'probe_http_duration_seconds',
    type: 'gauge',
    help: 'Seconds by phase.',
    samples: [sample(0.001034, [['phase', 'connect']]), sample(0.00001, [['phase', 'resolve']])],
  },
  { name: 'probe_ip_addr_hash', type: 'gauge', help: 'Hash.', samples: [sample(3668918509)] },
  { name: 'probe_nothing', type: 'gauge', help: 'Left out for want of samples.', samples: [] },
  { name: 'probe_success', type: 'gauge', help: 'Whether it was a success.', samples: [sample(1)] },
]

test('a probe as text 0.0.4', async (t) => {
  const page = `# HELP probe_http_duration_seconds Seconds by phase.
# TYPE probe_http_duration_seconds gauge
probe_http_duration_seconds{phase="connect"} 0.001034
probe_http_duration_seconds{phase="resolve"} 1e-05
# HELP probe_ip_addr_hash Hash.
# TYPE probe_ip_addr_hash gauge
probe_ip_addr_hash 3.668918509e+09
# HELP probe_success Whether it was a success.
# TYPE probe_success gauge
probe_success 1
`
  t.equal(encode(probe, textFormat), page)
  t.equal(encode(probe, textFormat), page, 'the same again, from what is remembered')
  t.equal(encode([], textFormat), '')
})

test('a probe as OpenMetrics', async (t) => {
  t.equal(
    encode(probe, openMetrics),
    `# HELP probe_http_duration_seconds Seconds by phase.
# TYPE probe_http_duration_seconds gauge
probe_http_duration_seconds{phase="connect"} 0.001034
probe_http_duration_seconds{phase="resolve"} 1e-05
# HELP probe_ip_addr_hash Hash.
# TYPE probe_ip_addr_hash gauge
probe_ip_addr_hash 3.668918509e+09
# HELP probe_success Whether it was a success.
# TYPE probe_success gauge
probe_success 1.0
# EOF
`,
  )
  t.equal(encode([], openMetrics), '# EOF\n')
})

const types: readonly Family[] = [
  { name: 'a_total', type: 'counter', help: 'A.', samples: [sample(1e6)] },
  { name: 'b', type: 'counter', help: 'B.', samples: [sample(2)] },
  {
    name: 'c_seconds',
    type: 'histogram',
    help: 'C.',
    samples: [
      sample(
        1000000,
        [
          ['code', '200'],
          ['le', '1'],
        ],
        '_bucket',
      ),
      sample(
        2000000,
        [
          ['code', '200'],
          ['le', '+Inf'],
        ],
        '_bucket',
      ),
      sample(17, [['code', '200']], '_sum'),
      sample(2000000, [['code', '200']], '_count'),
    ],
  },
  {
    name: 'd_bytes',
    type: 'summary',
    help: 'D.',
    samples: [sample(NaN, [['quantile', '1']]), sample(0, [], '_sum'), sample(0, [], '_count')],
  },
  {
    name: 'e',
    type: 'untyped',
    help: 'E.',
    samples: [
      sample(-1, [
        ['le', '1'],
        ['quantile', '2'],
      ]),
    ],
  },
]

test('each type as text', async (t) => {
  t.equal(
    encode(types, textFormat),
    `# HELP a_total A.
# TYPE a_total counter
a_total 1e+06
# HELP b B.
# TYPE b counter
b 2
# HELP c_seconds C.
# TYPE c_seconds histogram
c_seconds_bucket{code="200",le="1"} 1e+06
c_seconds_bucket{code="200",le="+Inf"} 2e+06
c_seconds_sum{code="200"} 17
c_seconds_count{code="200"} 2e+06
# HELP d_bytes D.
# TYPE d_bytes summary
d_bytes{quantile="1"} NaN
d_bytes_sum 0
d_bytes_count 0
# HELP e E.
# TYPE e untyped
e{le="1",quantile="2"} -1
`,
  )
})

test('each type as OpenMetrics', async (t) => {
  t.equal(
    encode(types, openMetrics),
    `# HELP a A.
# TYPE a counter
a_total 1e+06
# HELP b B.
# TYPE b unknown
b 2.0
# HELP c_seconds C.
# TYPE c_seconds histogram
c_seconds_bucket{code="200",le="1.0"} 1000000
c_seconds_bucket{code="200",le="+Inf"} 2000000
c_seconds_sum{code="200"} 17.0
c_seconds_count{code="200"} 2000000
# HELP d_bytes D.
# TYPE d_bytes summary
d_bytes{quantile="1.0"} NaN
d_bytes_sum 0.0
d_bytes_count 0
# HELP e E.
# TYPE e unknown
e{le="1",quantile="2"} -1.0
# EOF
`,
  )
})

const hostile: readonly Family[] = [
  {
    name: 'a',
    type: 'gauge',
    help: 'Quote " back \\ line\nend \ud800.',
    samples: [
      sample(1, [['l', 'quote " back \\ line\nend']]),
      sample(2, [['l', 'lone \udc00 surrogate, a pair \u{1f631}, a bell \u0007, a return \r']]),
      sample(3, [['l', '']]),
    ],
  },
]

test('hostile text is escaped as each format wants it, and is valid Unicode', async (t) => {
  const samples = String.raw`a{l="quote \" back \\ line\nend"} 1
a{l="lone ${'\ufffd'} surrogate, a pair ${'\u{1f631}'}, a bell ${'\u0007'}, a return ${'\r'}"} 2
a{l=""} 3
`
  t.equal(
    encode(hostile, textFormat),
    `${String.raw`# HELP a Quote " back \\ line\nend ${'\ufffd'}.`}\n# TYPE a gauge\n${samples}`,
  )
  t.equal(
    encode(hostile, openMetrics),
    `${String.raw`# HELP a Quote \" back \\ line\nend ${'\ufffd'}.`}\n# TYPE a gauge\n${samples.replaceAll(/(?<=} \d)$/gm, '.0')}# EOF\n`,
  )
})

test('a bound that is no number is left as it is', async (t) => {
  const family: Family = { name: 'a', type: 'histogram', help: 'A.', samples: [sample(1, [['le', 'x"']], '_bucket')] }
  t.match(encode([family], openMetrics), String.raw`a_bucket{le="x\""} 1`)
})

test('what is remembered of a name follows its help and type', async (t) => {
  const family: Family = { name: 'changing', type: 'gauge', help: 'One.', samples: [sample(1)] }
  t.match(encode([family], textFormat), '# HELP changing One.\n# TYPE changing gauge\n')
  t.match(encode([{ ...family, help: 'Two.' }], textFormat), '# HELP changing Two.\n# TYPE changing gauge\n')
  t.match(encode([{ ...family, type: 'untyped' }], textFormat), '# HELP changing One.\n# TYPE changing untyped\n')
})

test('names that need UTF-8 are quoted or escaped as was asked', async (t) => {
  const family: Family = {
    name: 'a.b',
    type: 'gauge',
    help: 'A.',
    samples: [
      sample(1),
      sample(2, [
        ['c.d', 'x'],
        ['e', ''],
        ['f:g', 'y'],
      ]),
    ],
  }
  const page = (escaping: string): string =>
    encode([family], negotiate(`text/plain;version=1.0.0;escaping=${escaping}`))
  t.equal(page('allow-utf-8'), '# HELP "a.b" A.\n# TYPE "a.b" gauge\n{"a.b"} 1\n{"a.b","c.d"="x",e="","f:g"="y"} 2\n')
  t.equal(page('underscores'), '# HELP a_b A.\n# TYPE a_b gauge\na_b 1\na_b{c_d="x",e="",f_g="y"} 2\n')
  t.equal(page('dots'), '# HELP a_dot_b A.\n# TYPE a_dot_b gauge\na_dot_b 1\na_dot_b{c_dot_d="x",e="",f__g="y"} 2\n')
  t.equal(
    page('values'),
    '# HELP U__a_2e_b A.\n# TYPE U__a_2e_b gauge\nU__a_2e_b 1\nU__a_2e_b{U__c_2e_d="x",e="",U__f_3a_g="y"} 2\n',
  )
  const histogram: Family = { ...family, type: 'histogram', samples: [sample(1, [], '_sum')] }
  t.match(
    encode([histogram], negotiate('application/openmetrics-text;escaping=allow-utf-8')),
    '# TYPE "a.b" histogram\n{"a.b_sum"} 1.0\n# EOF\n',
  )
})
