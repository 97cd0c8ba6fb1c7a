// SPDX-License-Identifier: Apache-2.0
import { type Clock, defineMetrics, type SetSample, stateModule } from '@leadline/kit'
import type { JudgedCluster } from '../verdicts/cluster-memory.ts'
import { isForeign } from '../verdicts/fresh.ts'
import { hashStates } from '../verdicts/hash-agreement.ts'
import { revisionSpread } from '../verdicts/leadership.ts'
import { storageVersionCount, versionCount } from '../verdicts/versions.ts'
import { ofCluster, ofMember } from './labels.ts'

const status = 'RPC Maintenance.Status of each member'
const hash = 'RPC Maintenance.HashKV of each voter, one after the other, up to the lowest revision of all'

/** Rows of the agreement collector. */
export const agreementMetrics = defineMetrics({
  etcd_cluster_hash_state: {
    type: 'gauge',
    help: 'What comparing the data of the voters came to, 1 for one of the states: agree, disagree (they hold different data), unchecked (not all were compared, or not lately); absent with a single voter and when the comparison is off.',
    labels: { ...ofCluster, state: hashStates.join(', ') },
    source: hash,
  },
  etcd_cluster_hash_timestamp_seconds: {
    type: 'gauge',
    help: 'Unix time at which the data of the voters was last asked for to the end, compared or not; absent before the first time.',
    labels: ofCluster,
    source: hash,
  },
  etcd_endpoint_hash_differs: {
    type: 'gauge',
    help: "Whether the member's data differs from that of most voters in the last comparison; absent for those that were not in it, and 0 for all when there is no majority.",
    labels: ofMember,
    source: hash,
  },
  etcd_cluster_revision_spread: {
    type: 'gauge',
    help: 'Highest minus lowest revision among the members that answer; about the writes of a second in health, since they are not asked at one instant; absent while none answers.',
    labels: ofCluster,
    source: status,
  },
  etcd_cluster_versions: {
    type: 'gauge',
    help: 'Different server versions among the members that answer, 1 but for upgrades; absent while none answers.',
    labels: ofCluster,
    source: status,
  },
  etcd_cluster_storage_versions: {
    type: 'gauge',
    help: 'Different storage versions among the members that answer, 1 but for upgrades; absent before etcd 3.6.',
    labels: ofCluster,
    source: status,
  },
  etcd_endpoint_wrong_cluster: {
    type: 'gauge',
    help: 'Whether the member belongs to another cluster than most, and so counts in no verdict; absent before it has answered.',
    labels: ofMember,
    source: 'cluster_id in the header of RPC Maintenance.Status',
  },
})

type Set = SetSample<typeof agreementMetrics>

/** Tells whether the members of each cluster hold the same data and are of the same kind. */
export const agreement = (clusters: () => readonly JudgedCluster[], clock: Clock) =>
  stateModule({
    name: 'agreement',
    metrics: agreementMetrics,
    tell(set) {
      for (const judged of clusters()) {
        setHashes(judged, clock, set)
        setKinds(judged, set)
      }
    },
  })

function setHashes({ view, hashes }: JudgedCluster, clock: Clock, set: Set): void {
  if (hashes === undefined || view.listedVoters === 1) return
  const labels = { etcd_cluster: view.name }
  const now = clock.now()
  const found = hashes.state(now)
  for (const state of hashStates) set('etcd_cluster_hash_state', state === found ? 1 : 0, { ...labels, state })
  const { last } = hashes
  if (last === undefined) return
  set('etcd_cluster_hash_timestamp_seconds', clock.unix() - (now - last.endedAt), labels)
  for (const label of last.members) {
    const own = { ...labels, member: label }
    set('etcd_endpoint_hash_differs', last.odd.includes(label) ? 1 : 0, own)
  }
}

function setKinds({ view }: JudgedCluster, set: Set): void {
  const labels = { etcd_cluster: view.name }
  const [revisions, versions, storage] = [revisionSpread(view), versionCount(view), storageVersionCount(view)]
  if (revisions !== undefined) set('etcd_cluster_revision_spread', revisions, labels)
  if (versions !== undefined) set('etcd_cluster_versions', versions, labels)
  if (storage !== undefined) set('etcd_cluster_storage_versions', storage, labels)
  for (const one of view.members) {
    const foreign = isForeign(one, view)
    if (foreign === undefined) continue
    const own = { ...labels, member: one.label }
    set('etcd_endpoint_wrong_cluster', foreign ? 1 : 0, own)
  }
}
