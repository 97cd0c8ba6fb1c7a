// SPDX-License-Identifier: Apache-2.0
import { status as codes } from '@grpc/grpc-js'
import tap, { type Test, test } from 'tap'
import { startUnsounded } from './servers/exporter.ts'
import { type Answers, type Refusal, startFakeEtcd } from './servers/fake-etcd.ts'

tap.jobs = 4

const quick = { metrics_url: 'off' }

interface Fakes {
  /** What each member answers to HashKV. */
  readonly hashes?: readonly (object | Refusal)[]
  /** What each member adds to its Status. */
  readonly status?: object
}

/** Starts three servers that are one healthy cluster, but for what they are told, and gives their URLs. */
async function startFakes(t: Test, { hashes = [], status = {} }: Fakes): Promise<string[]> {
  const members: { readonly ID: string; readonly name: string; readonly clientURLs: readonly string[] }[] = []
  for (const n of [1, 2, 3]) {
    const header = { cluster_id: '7', member_id: `${n}`, revision: '20', raft_term: '2' }
    const raft = { leader: '1', raftIndex: '30', raftAppliedIndex: '30', raftTerm: '2' }
    const sizes = { dbSize: '40960', dbSizeInUse: '20480' }
    const hash = hashes[n - 1]
    const answers: Answers = {
      status: () => ({ header, version: '3.6.5', ...raft, ...sizes, ...status }),
      memberList: () => ({ header, members }),
      range: () => ({ header }),
      put: () => ({ header }),
      ...(hash && { hashKv: () => ('code' in hash ? hash : { header, ...hash }) }),
    }
    members.push({ ID: `${n}`, name: `m${n}`, clientURLs: [await startFakeEtcd(t, answers)] })
  }
  return members.flatMap(({ clientURLs }) => clientURLs)
}

test('check 15: hashes that differ at the same revision disagree, and the odd member is named', {
  buffered: true,
}, async (t) => {
  const hashes = [5, 5, 6].map((hash) => ({ hash, compact_revision: '3', hash_revision: '20' }))
  const exporter = await startUnsounded(t, await startFakes(t, { hashes }), quick)
  exporter.never('they agreed', (page) => page.value('etcd_cluster_hash_state', { state: 'agree' }) === 1)
  const page = await exporter.shows(
    'the disagreement',
    10,
    (now) => now.value('etcd_cluster_hash_state', { state: 'disagree' }) === 1,
  )
  t.strictSame(
    ['m1', 'm2', 'm3'].map((member) => page.value('etcd_endpoint_hash_differs', { member })),
    [0, 0, 1],
  )
})

const good = { hash: 5, compact_revision: '3', hash_revision: '20' }

for (const [what, odd] of [
  [
    'a future revision',
    { code: codes.OUT_OF_RANGE, details: 'etcdserver: mvcc: required revision is a future revision' },
  ],
  ['a compacted one', { code: codes.OUT_OF_RANGE, details: 'etcdserver: mvcc: required revision has been compacted' }],
  ['another compaction', { ...good, hash: 6, compact_revision: '4' }],
] as const) {
  test(`check 15: hashes of which one is of ${what} are unchecked, never in agreement`, {
    buffered: true,
  }, async (t) => {
    const exporter = await startUnsounded(t, await startFakes(t, { hashes: [good, odd, good] }), quick)
    exporter.never('they were judged', (page) =>
      (['agree', 'disagree'] as const).some((state) => page.value('etcd_cluster_hash_state', { state }) === 1),
    )
    const page = await exporter.shows(
      'a finished round',
      10,
      (now) => now.value('etcd_cluster_hash_timestamp_seconds') !== undefined,
    )
    t.equal(page.value('etcd_cluster_hash_state', { state: 'unchecked' }), 1)
  })
}

for (const [what, status] of [
  ['no quota', {}],
  ['a quota of 0', { dbSizeQuota: '0', storageVersion: '3.6.0' }],
  ['its quota off', { dbSizeQuota: '-1', storageVersion: '3.6.0' }],
] as const) {
  test(`check 17: of a server that tells ${what} there is no ratio and nothing infinite`, {
    buffered: true,
  }, async (t) => {
    const exporter = await startUnsounded(t, await startFakes(t, { status }), quick)
    const { text } = await exporter.shows('the sizes', 10, (page) => page.count('etcd_endpoint_db_size_bytes') === 3)
    t.notMatch(text, /^etcd_endpoint_quota_/m)
    t.notMatch(text, /^etcd_.* (\+Inf|-Inf|NaN)$/m)
  })
}
