// SPDX-License-Identifier: Apache-2.0
import type { NodeReason } from './node-reason.ts'

/** What a reason of the scheduler's begins with, in lower case, as written by Kubernetes 1.22 to 1.36. */
const beginnings: readonly (readonly [string, NodeReason])[] = [
  ['too many pods', 'too_many_pods'],
  ['node(s) had untolerated taint', 'taint'],
  ['node(s) had taint', 'taint'],
  ['node(s) were unschedulable', 'cordoned'],
  ['node(s) had unknown conditions', 'cordoned'],
  ["node(s) didn't match pod's node affinity", 'node_affinity'],
  ["node(s) didn't match node selector", 'node_affinity'],
  ["node(s) didn't match the requested", 'node_affinity'],
  ['node declared features check failed', 'node_affinity'],
  ["node(s) didn't match pod affinity", 'pod_affinity'],
  ["node(s) didn't match pod anti-affinity", 'pod_affinity'],
  ["node(s) didn't satisfy existing pods anti-affinity", 'pod_affinity'],
  ["node(s) didn't match pod topology spread", 'topology_spread'],
  ["node(s) didn't have free ports", 'host_port'],
  ['pod has unbound immediate persistentvolumeclaims', 'pvc_unbound'],
  ['waiting for ephemeral volume controller', 'pvc_unbound'],
  ['persistentvolumeclaim "', 'pvc_missing'],
  ["node(s) didn't find available persistent volumes", 'volume_unavailable'],
  ['node(s) did not have enough free storage', 'volume_unavailable'],
  ['node(s) unavailable due to one or more pvc', 'volume_unavailable'],
  ["node(s) didn't match persistentvolume's node affinity", 'volume_zone'],
  ['node(s) had volume node affinity conflict', 'volume_zone'],
  ['node(s) had no available volume zone', 'volume_zone'],
  ['node(s) exceed max volume count', 'volume_limit'],
  ['node(s) had no available disk', 'volume_in_use'],
  ['node(s) unavailable due to persistentvolumeclaim with readwriteoncepod', 'volume_in_use'],
  ['node has pod using persistentvolumeclaim', 'volume_in_use'],
  ['cannot allocate all claims', 'device_claim'],
  ['invalid resource pools', 'device_claim'],
  ['unallocated immediate resourceclaim', 'device_claim'],
  ['timed out trying to allocate devices', 'device_claim'],
  ['device class ', 'device_claim'],
  ['resourceclaim', 'device_claim'],
  ['waiting for scheduling gates', 'gated'],
  ['scheduling is blocked due to non-empty scheduling gates', 'gated'],
  ['waiting for the preemption for this pod', 'preempting'],
  ['waiting for mincount pods', 'gang_wait'],
  ["waiting for pods's ", 'gang_wait'],
  ['no nodes available to schedule pods', 'no_nodes'],
]

/** What a reason has within that begins with a name of the cluster's own. */
const insides: readonly (readonly [string, string, NodeReason])[] = [
  ['request ', ': device class ', 'device_claim'],
  ['claim ', ': selector #', 'device_claim'],
  ['pod "', ': resourceclaim ', 'device_claim'],
]

/** What plugins refuse for when they tell their names alone: `node(s) didn't satisfy plugin(s) [NodeAffinity]`. */
const plugins: readonly (readonly [string, NodeReason])[] = [
  ['nodeaffinity', 'node_affinity'],
  ['nodename', 'node_affinity'],
  ['volumebinding', 'volume_zone'],
  ['volumezone', 'volume_zone'],
  ['dynamicresources', 'device_claim'],
  ['interpodaffinity', 'pod_affinity'],
  ['podtopologyspread', 'topology_spread'],
]

const pluginBeginnings = ["node(s) didn't satisfy plugin(s) ", 'node(s) failed prefilter plugin ']

/** What one reason of a scheduler's message, in lower case, stands for; undefined when it is not known. */
export function phraseReason(text: string): NodeReason | undefined {
  const beginning = beginnings.find(([start]) => text.startsWith(start))
  if (beginning !== undefined) return beginning[1]
  if (pluginBeginnings.some((start) => text.startsWith(start))) {
    return plugins.find(([name]) => text.includes(name))?.[1]
  }
  return insides.find(([start, inside]) => text.startsWith(start) && text.includes(inside))?.[2]
}
