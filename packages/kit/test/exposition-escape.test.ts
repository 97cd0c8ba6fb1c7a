// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import { escapeLabelName, escapeMetricName } from '../src/exposition/escape.ts'

/** Printed by `model.EscapeName` of prometheus/common 0.71: underscores, dots, values. */
const goNames: readonly (readonly [name: string, underscores: string, dots: string, values: string])[] = [
  ['http.server.duration', 'http_server_duration', 'http_dot_server_dot_duration', 'U__http_2e_server_2e_duration'],
  ['1up', '_up', '__up', 'U___31_up'],
  ['label with \u{1f631}', 'label_with__', 'label__with____', 'U__label_20_with_20__1f631_'],
  ['http.status:sum', 'http_status:sum', 'http_dot_status:sum', 'U__http_2e_status:sum'],
  ['\u03c0', '_', '__', 'U___3c0_'],
  ['a"b\nc\\d', 'a_b_c_d', 'a__b__c__d', 'U__a_22_b_a_c_5c_d'],
  ['9_\u00e9', '___', '______', 'U___39____e9_'],
]

test('metric names are escaped as client_golang escapes them', async (t) => {
  for (const [name, underscores, dots, values] of goNames) {
    t.same(escapeMetricName(name, 'underscores'), { text: underscores, quoted: false })
    t.same(escapeMetricName(name, 'dots'), { text: dots, quoted: false })
    t.same(escapeMetricName(name, 'values'), { text: values, quoted: false })
  }
  t.same(escapeMetricName('a"b\n\\\ud800', 'allow-utf-8'), { text: 'a\\"b\\n\\\\\ufffd', quoted: true })
  t.same(escapeMetricName('job:a_b:rate1m', 'dots'), { text: 'job:a_b:rate1m', quoted: false })
})

test('a colon is legal in a metric name but not in a label name', async (t) => {
  t.equal(escapeLabelName('a:b', 'underscores'), 'a_b')
  t.equal(escapeLabelName('a:b', 'allow-utf-8'), '"a:b"')
  t.equal(escapeLabelName('a_b', 'dots'), 'a_b')
})
