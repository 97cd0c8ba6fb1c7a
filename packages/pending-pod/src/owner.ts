// SPDX-License-Identifier: Apache-2.0
import { listOf, type Raw, rawOf, textOf } from '@leadline/kube'
import { shortTextOf } from './pod/text.ts'

/** Kinds of workloads that are told apart; `Pod` is one without a controller, `Node` runs static pods. */
export const workloadKinds = [
  'CronJob',
  'Job',
  'Deployment',
  'ReplicaSet',
  'StatefulSet',
  'DaemonSet',
  'ReplicationController',
  'Node',
  'Pod',
  'other',
] as const

/** One of `workloadKinds`. */
export type WorkloadKind = (typeof workloadKinds)[number]

/** What a pod belongs to, in the pod's namespace. */
export interface Workload {
  readonly kind: WorkloadKind
  /** Its name; of kind `other` it is `Kind/name`. */
  readonly name: string
}

/** Kinds of Kubernetes itself by the API group that they must be of: other groups have a Job too. */
const groups: Readonly<Record<string, WorkloadKind>> = {
  'batch Job': 'Job',
  'apps ReplicaSet': 'ReplicaSet',
  'apps StatefulSet': 'StatefulSet',
  'apps DaemonSet': 'DaemonSet',
  ' ReplicationController': 'ReplicationController',
  ' Node': 'Node',
}

/**
 * The workload that a pod belongs to, from the pod's own metadata, so that nothing else need be read.
 *
 * Deployment: a ReplicaSet whose name ends in the pod's `pod-template-hash` is taken for one of a Deployment. A ReplicaSet
 * made by hand has no such label, and one of Argo Rollouts another, so they stay ReplicaSets.
 *
 * CronJob: a Job named `<name>-<minutes since 1970>`, as the CronJob controller has named them since 1.21, of a minute in
 * the year before the pod was made. Jobs made by hand keep their names, dates such as `-20261121` too, unless the name ends
 * in just such a minute.
 */
export function workloadOf(metadata: Raw, createdAt: number): Workload {
  const controller = listOf(metadata['ownerReferences']).find((one) => one['controller'] === true)
  const kind = shortTextOf(controller?.['kind'], 63)
  const name = shortTextOf(controller?.['name'], 253)
  if (kind === undefined || name === undefined) return { kind: 'Pod', name: textOf(metadata['name']) ?? '' }
  const known = groups[`${groupOf(controller?.['apiVersion'])} ${kind}`]
  if (known === undefined) return { kind: 'other', name: `${kind}/${name}` }
  if (known === 'Job') return workloadOfJob(name, createdAt)
  return known === 'ReplicaSet' ? workloadOfReplicaSet(name, metadata) : { kind: known, name }
}

function groupOf(apiVersion: unknown): string {
  const text = textOf(apiVersion) ?? ''
  return text.slice(0, Math.max(0, text.indexOf('/')))
}

function workloadOfReplicaSet(name: string, metadata: Raw): Workload {
  const hash = textOf(rawOf(metadata['labels'])['pod-template-hash'])
  const isOfDeployment = hash !== undefined && name.length > hash.length + 1 && name.endsWith(`-${hash}`)
  return isOfDeployment ? { kind: 'Deployment', name: name.slice(0, -hash.length - 1) } : { kind: 'ReplicaSet', name }
}

/** Ahead of the pod's creation by no more than clocks differ, and after it by no more than anybody keeps a Job. */
const tickWindow = { aheadSeconds: 3600, behindSeconds: 366 * 86_400 }

function workloadOfJob(name: string, createdAt: number): Workload {
  const tick = /^(.+)-(\d{8,9})$/.exec(name)
  const [, cronJob, minute] = tick ?? []
  if (cronJob === undefined || minute === undefined) return { kind: 'Job', name }
  const tickAt = Number(minute) * 60
  const isTick = tickAt < createdAt + tickWindow.aheadSeconds && tickAt > createdAt - tickWindow.behindSeconds
  return isTick ? { kind: 'CronJob', name: cronJob } : { kind: 'Job', name }
}
