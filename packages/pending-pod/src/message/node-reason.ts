// SPDX-License-Identifier: Apache-2.0

/** Why the scheduler refuses nodes, or a whole pod. The order settles ties. */
export const nodeReasons = [
  'gated',
  'preempting',
  'gang_wait',
  'no_nodes',
  'pvc_missing',
  'pvc_unbound',
  'insufficient_extended',
  'insufficient_memory',
  'insufficient_cpu',
  'insufficient_storage',
  'too_many_pods',
  'device_claim',
  'volume_zone',
  'volume_unavailable',
  'volume_limit',
  'volume_in_use',
  'pod_affinity',
  'topology_spread',
  'host_port',
  'unschedulable_other',
  'node_affinity',
  'taint',
  'cordoned',
] as const

/** One of `nodeReasons`. */
export type NodeReason = (typeof nodeReasons)[number]
