// SPDX-License-Identifier: Apache-2.0
import {
  deletionRequestedAt,
  type Identity,
  listOf,
  type Raw,
  rawOf,
  readIdentity,
  textOf,
  timeOf,
} from '@leadline/kube'
import { chooseReason } from '../cause/choose.ts'
import type { NodeReason } from '../message/node-reason.ts'
import { readMessage, type SchedulerMessage } from '../message/read-message.ts'
import { type Workload, workloadOf } from '../owner.ts'
import type { Amounts } from './amounts.ts'
import { type Condition, readCondition, wholeMessage } from './condition.ts'
import { type ContainerFacts, readContainers } from './container.ts'
import { podRequests } from './requests.ts'
import { shortTextOf } from './text.ts'
import { readTolerations, type Toleration } from './toleration.ts'
import { hasForeignVolumes } from './volumes.ts'

/** What is kept of a pod. Times in unix seconds; those of containers are by the node's clock. */
export interface PendingPodFacts extends Identity {
  readonly workload: Workload
  readonly deletionRequestedAt: number | undefined
  readonly phase: string
  /** `status.reason`, such as OutOfcpu. */
  readonly reason: string | undefined
  /** At most 512 characters of `status.message`. */
  readonly message: string | undefined
  readonly nodeName: string | undefined
  readonly schedulerName: string
  /** Names of at most 8 of its scheduling gates; while there is one, it is held on purpose. */
  readonly gates: readonly string[]
  readonly nominatedNode: string | undefined
  /** When the kubelet first looked at it, `status.startTime`. */
  readonly kubeletSawAt: number | undefined
  /** Whether the kubelet has said anything of it. */
  readonly isSeenByKubelet: boolean
  readonly scheduled: Condition | undefined
  /** What the scheduler's message says; undefined unless one has found no node for it. */
  readonly refusal: SchedulerMessage | undefined
  /** The one reason to name of it. */
  readonly refusedFor: NodeReason | undefined
  /** `PodReadyToStartContainers`: volumes, network and sandbox are there, and before 1.36 the images too. */
  readonly sandbox: Condition | undefined
  readonly initialized: Condition | undefined
  readonly containers: readonly ContainerFacts[]
  readonly hasForeignVolumes: boolean
  readonly requests: Amounts
  readonly tolerations: readonly Toleration[]
}

/** Reads a pod, whatever its phase. Throws ObjectError when it has no identity. */
export function readPod(raw: unknown): PendingPodFacts {
  const identity = readIdentity('Pod', raw)
  const object = rawOf(raw)
  const metadata = rawOf(object['metadata'])
  const spec = rawOf(object['spec'])
  const status = rawOf(object['status'])
  const conditions = listOf(status['conditions'])
  const containers = readContainers(spec, status)
  const refusal = readRefusal(conditions)
  const kubeletSawAt = timeOf(status['startTime'])
  return {
    ...identity,
    workload: workloadOf(metadata, identity.createdAt),
    deletionRequestedAt: deletionRequestedAt(metadata),
    phase: textOf(status['phase']) ?? 'Pending',
    reason: shortTextOf(status['reason'], 128),
    message: shortTextOf(status['message'], 512),
    nodeName: shortTextOf(spec['nodeName'], 253),
    schedulerName: shortTextOf(spec['schedulerName'], 253) ?? 'default-scheduler',
    gates: gateNames(spec),
    nominatedNode: shortTextOf(status['nominatedNodeName'], 253),
    kubeletSawAt,
    isSeenByKubelet: kubeletSawAt !== undefined || containers.length > 0,
    scheduled: readCondition(conditions, 'PodScheduled'),
    refusal,
    refusedFor: refusal && chooseReason(refusal),
    sandbox: readCondition(conditions, 'PodReadyToStartContainers'),
    initialized: readCondition(conditions, 'Initialized'),
    containers,
    hasForeignVolumes: hasForeignVolumes(spec['volumes']),
    requests: podRequests(spec),
    tolerations: readTolerations(spec['tolerations']),
  }
}

function gateNames(spec: Raw): readonly string[] {
  return listOf(spec['schedulingGates'])
    .slice(0, 8)
    .map((gate) => shortTextOf(gate['name'], 128) ?? '')
}

/** Reasons for which a pod is not scheduled although no node was found wanting. */
const notRefusals = new Set(['SchedulerError', 'SchedulingGated'])

function readRefusal(conditions: readonly Raw[]): SchedulerMessage | undefined {
  const scheduled = readCondition(conditions, 'PodScheduled')
  if (scheduled?.isTrue !== false || notRefusals.has(scheduled.reason ?? '')) return undefined
  return readMessage(wholeMessage(conditions, 'PodScheduled'))
}

/** When the last of a pod's main containers was first started, in unix seconds; undefined when one was not, or none is told of. */
export function startedAtOf({ containers }: PendingPodFacts): number | undefined {
  const starts = containers.filter(({ role }) => role === 'main').map(({ startedAt }) => startedAt)
  const known = starts.filter((at) => at !== undefined)
  return known.length === 0 || known.length < starts.length ? undefined : Math.max(...known)
}
