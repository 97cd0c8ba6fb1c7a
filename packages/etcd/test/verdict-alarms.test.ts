// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import { parseAlarm, raisedAlarms } from '../src/verdicts/alarms.ts'
import { cluster } from './verdict-views.ts'

// As etcd 3.4.23, 3.5.35 and 3.7.3 were seen to write them.
const hex = (decimal: bigint) => decimal.toString(16)
const texts = [
  { text: 'memberID:9760886560523756069 alarm:NOSPACE ', id: hex(9760886560523756069n), alarm: 'nospace' },
  { text: 'memberID:10891864457630703583 alarm:NOSPACE', id: hex(10891864457630703583n), alarm: 'nospace' },
  { text: 'memberID:255  alarm:CORRUPT', id: 'ff', alarm: 'corrupt' },
  { text: 'alarm:CORRUPT ', id: undefined, alarm: 'corrupt' },
  { text: 'memberID:0 alarm:CORRUPT', id: undefined, alarm: 'corrupt' },
  { text: 'memberID:1 alarm:SOMETHINGNEW', id: '1', alarm: 'other' },
]

for (const { text, id, alarm } of texts) {
  test(`alarm: ${text}`, async (t) => {
    t.strictSame(parseAlarm(text), { memberId: id, alarm })
  })
}

test('other errors of Status are no alarms', async (t) => {
  for (const text of ['etcdserver: no leader', '', 'memberID:5 ']) t.equal(parseAlarm(text), undefined)
})

test('alarms are those of the members that they concern, whoever tells them', async (t) => {
  const errors = ['memberID:162 alarm:NOSPACE', 'alarm:CORRUPT', 'memberID:4660 alarm:NOSPACE']
  const raised = raisedAlarms(
    cluster([{ label: 'a1', status: { errors } }, { label: 'a2', status: undefined }, { label: 'a3' }]),
  )
  t.strictSame(
    [...(raised ?? [])].map(([label, alarms]) => [label, [...alarms]]),
    [
      ['a1', []],
      ['a2', ['nospace']],
      ['a3', []],
      ['unknown', ['corrupt']],
      ['1234', ['nospace']],
    ],
  )
})

test('nothing is known of alarms while no member answers', async (t) => {
  t.equal(raisedAlarms(cluster([{ label: 'a1', status: undefined }])), undefined)
})
