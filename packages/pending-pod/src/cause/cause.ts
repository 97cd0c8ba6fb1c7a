// SPDX-License-Identifier: Apache-2.0
import { type NodeReason, nodeReasons } from '../message/node-reason.ts'

/** Why a pod waits: the reasons of the scheduler, and those of before and after it. */
export const causes = [
  ...nodeReasons,
  'not_seen_by_scheduler',
  'scheduler_error',
  'nominated_waiting',
  'bound_kubelet_silent',
  'volume_mount',
  'sandbox_network',
  'image_pull_error',
  'image_pulling',
  'config_error',
  'create_error',
  'init_running',
  'init_crashloop',
  'sidecar_or_partial_start',
  'starting',
  'terminating_while_pending',
  'other',
] as const

/** One of `causes`. */
export type Cause = (typeof causes)[number]

const schedulingTexts: Readonly<Record<NodeReason, string>> = {
  gated: 'a scheduling gate holds it back on purpose',
  preempting: 'the scheduler is ending other pods to make room for it',
  gang_wait: 'it is to start together with other pods that are not there yet',
  no_nodes: 'the cluster has no nodes',
  pvc_missing: 'a volume claim that it names is missing, being deleted or has lost its volume',
  pvc_unbound: 'a volume claim of its has no volume yet',
  insufficient_extended: 'no node has enough of an extended resource, such as GPUs',
  insufficient_memory: 'no node has enough memory left',
  insufficient_cpu: 'no node has enough cpu left',
  insufficient_storage: 'no node has enough ephemeral storage left',
  too_many_pods: 'the nodes run as many pods as they may',
  device_claim: 'the devices that it claims are not to be had',
  volume_zone: 'its volume is where no node that it may use can reach it',
  volume_unavailable: 'no node has a volume for it, or room for one',
  volume_limit: 'the nodes have as many volumes attached as they can',
  volume_in_use: 'another pod is using its volume',
  pod_affinity: 'its rules on which pods to be near, or away from, leave no node',
  topology_spread: 'its rules on spreading pods leave no node',
  host_port: 'a port that it needs on the node is taken',
  unschedulable_other: 'the scheduler refuses it for a reason that is not known here',
  node_affinity: 'no node is as its node selector or affinity asks',
  taint: 'the nodes have taints that it does not tolerate',
  cordoned: 'the nodes are cordoned',
}

/** Why a pod waits, as it follows "because". */
export const causeTexts: Readonly<Record<Cause, string>> = {
  ...schedulingTexts,
  not_seen_by_scheduler: 'no scheduler has looked at it',
  scheduler_error: 'the scheduler failed at it',
  nominated_waiting: 'its node is chosen, and pods have to leave it or volumes to be made first',
  bound_kubelet_silent: 'its node has not taken it up',
  volume_mount: 'its volumes are not attached or mounted',
  sandbox_network: 'its sandbox or network is not set up',
  image_pull_error: "an image can't be pulled",
  image_pulling: 'an image is being pulled',
  config_error: 'a ConfigMap, Secret or key that a container needs is missing, or its security settings contradict',
  create_error: "a container can't be created or started",
  init_running: 'an init container is running',
  init_crashloop: 'an init container fails again and again',
  sidecar_or_partial_start: 'some of its containers run and others do not',
  starting: 'its node is starting it',
  terminating_while_pending: 'it is being deleted and has never started',
  other: 'its containers wait for a reason that is not known here',
}
