// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import type { Result } from '../src/ops.ts'
import { clusterElectionRisk, electionRisks } from '../src/verdicts/election-risk.ts'
import { cluster, ended, type MemberParts, sounding, steady } from './verdict-views.ts'

const always = Number.POSITIVE_INFINITY

const walFsync = (p99: number) => ({ walFsync: { seconds: 60, count: 60, mean: p99 / 2, p99, longest: p99 } })

function led(leader: Omit<MemberParts, 'label'>, follower: Omit<MemberParts, 'label'> = {}) {
  return cluster([
    { label: 'a1', ...leader },
    { label: 'a2', ...follower },
  ])
}

/** Three slow puts, and for some seconds now none that was answered. */
const refusedSince = (seconds: number, durationSeconds: number, result: Result = 'nospace') =>
  sounding([
    ...[2, 1, 0].map((earlier) => ended('success', seconds + earlier, durationSeconds)),
    ...steady(0.002, result, seconds).recent,
  ])

const cases = [
  { name: 'a put of 260 ms', view: led({ soundings: { put: steady(0.26) } }), risk: 0.26 },
  {
    name: 'the slowest of the puts counts',
    view: led({ soundings: { put: sounding([ended('success', 5, 0.7), ended('success', 4, 0.01)]) } }),
    risk: 0.7,
  },
  {
    name: 'a slow put is forgotten',
    view: led({ soundings: { put: sounding([ended('success', 16, 0.7), ...steady(0.01, 'success', 3).recent]) } }),
    risk: 0.01,
  },
  {
    name: 'slow puts are forgotten though all since were refused',
    view: led({ soundings: { put: refusedSince(20, 0.7), linearizable_read: steady(0.004) } }),
    risk: 0.004,
  },
  {
    name: 'the last puts count while the exporter is held up',
    view: led({ soundings: { put: refusedSince(20, 0.3, 'lagged') } }),
    risk: 0.3,
  },
  {
    name: 'the put under way counts',
    view: led({ soundings: { put: sounding([ended('success', 3)], 2.5) } }),
    risk: 2.5,
  },
  {
    name: 'a put that met its deadline counts',
    view: led({ soundings: { put: sounding([ended('deadline', 3, 5)]) } }),
    risk: 5,
  },
  { name: 'a refused put says nothing', view: led({ soundings: { put: steady(0.5, 'nospace') } }), risk: undefined },
  { name: 'fsyncs against two heartbeats', view: led({ own: walFsync(0.26) }), risk: 1.3 },
  {
    name: 'fsyncs that took longer than all puts of now are over',
    view: led({ own: walFsync(0.4), soundings: { put: steady(0.01) } }),
    risk: 0.05,
  },
  {
    name: 'a put refused for other reasons says nothing',
    view: led({ soundings: { put: steady(0.5, 'other') } }),
    risk: undefined,
  },
  { name: 'an old page says nothing', view: led({ own: { ...walFsync(0.26), isCurrent: false } }), risk: undefined },
  { name: 'the worse of both', view: led({ own: walFsync(0.02), soundings: { put: steady(0.6) } }), risk: 0.6 },
  { name: 'reads, where no put is made', view: led({ soundings: { linearizable_read: steady(0.4) } }), risk: 0.4 },
  {
    name: 'a slow follower makes no election',
    view: led({ soundings: { put: steady(0.005) } }, { own: walFsync(0.4), soundings: { put: steady(0.7) } }),
    risk: 0.005,
  },
  {
    name: 'the worst while no leader is known',
    view: cluster([
      { label: 'a1', status: { leaderId: undefined }, soundings: { put: steady(0.005) } },
      { label: 'a2', status: { leaderId: undefined }, soundings: { put: steady(0.7) } },
    ]),
    risk: 0.7,
  },
]

for (const { name, view, risk } of cases) {
  test(`election risk: ${name}`, async (t) => {
    const found = clusterElectionRisk(view, always)
    t.equal(found && Number(found.toFixed(6)), risk)
  })
}

test("a member's own timings count for more than the assumed ones", async (t) => {
  const view = led({ soundings: { put: steady(0.6) } })
  const [leader] = view.members
  if (leader === undefined) throw new Error('no member')
  const timed = { ...leader, timing: { heartbeatSeconds: 0.3, electionSeconds: 3 } }
  t.equal(clusterElectionRisk({ ...view, members: [timed] }, always)?.toFixed(3), '0.200')
})

test('each voter has its share, and a member that does not answer has none', async (t) => {
  const put = steady(0.3)
  const view = cluster([
    { label: 'a1', soundings: { put: steady(0.1) } },
    { label: 'a2', soundings: { put } },
    { label: 'a3', ago: 9, soundings: { put } },
    { label: 'l1', isLearner: true, soundings: { put } },
  ])
  const shares = [...electionRisks(view, always)].map(([{ label }, share]) => [label, Number(share.toFixed(6))])
  t.strictSame(shares, [
    ['a1', 0.1],
    ['a2', 0.3],
  ])
})

test('what was begun under the leader before is not the new one to answer for', async (t) => {
  const view = led({ soundings: { put: sounding([ended('success', 1, 0.004)], 4.5) } })
  t.equal(clusterElectionRisk(view, always), 4.5)
  t.equal(clusterElectionRisk(view, 3)?.toFixed(3), '0.004')
})
