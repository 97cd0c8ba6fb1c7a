// SPDX-License-Identifier: Apache-2.0
import { listOf, numberOf, type Raw, rawOf, timeOf } from '@leadline/kube'
import { isSidecar } from './requests.ts'
import { shortTextOf } from './text.ts'

/** What is kept of a container's status. Times by the node's clock, in unix seconds. */
export interface ContainerFacts {
  readonly name: string
  /** A sidecar is an init container that goes on while the main ones run. */
  readonly role: 'init' | 'sidecar' | 'main'
  readonly state: 'waiting' | 'running' | 'ended'
  /** Why it waits; undefined unless it does. */
  readonly waitingReason: string | undefined
  /** At most 512 characters of what the kubelet says to that. */
  readonly waitingMessage: string | undefined
  /** When it was first started, as far as the status still tells. */
  readonly startedAt: number | undefined
  readonly restarts: number
  /** Whether pods can go on past it: an init container that succeeded, a sidecar that has started. */
  readonly isPassed: boolean
}

/** Reads the statuses of a pod's containers, init containers and sidecars first, in the order of the spec. */
export function readContainers(spec: Raw, status: Raw): readonly ContainerFacts[] {
  const sidecars = new Set(
    listOf(spec['initContainers'])
      .filter(isSidecar)
      .map((one) => one['name']),
  )
  const init = listOf(status['initContainerStatuses']).map((one) =>
    readContainer(one, sidecars.has(one['name']) ? 'sidecar' : 'init'),
  )
  return [...init, ...listOf(status['containerStatuses']).map((one) => readContainer(one, 'main'))]
}

function readContainer(raw: Raw, role: ContainerFacts['role']): ContainerFacts {
  const state = rawOf(raw['state'])
  const waiting = rawOf(state['waiting'])
  const ended = rawOf(state['terminated'])
  const isEnded = state['terminated'] !== undefined
  const isRunning = state['running'] !== undefined
  return {
    name: shortTextOf(raw['name'], 63) ?? '',
    role,
    state: isRunning ? 'running' : isEnded ? 'ended' : 'waiting',
    waitingReason: shortTextOf(waiting['reason'], 64),
    waitingMessage: shortTextOf(waiting['message'], 512),
    startedAt: firstStart(raw, state),
    restarts: numberOf(raw['restartCount']) ?? 0,
    isPassed: role === 'sidecar' ? raw['started'] === true : isEnded && ended['exitCode'] === 0,
  }
}

function firstStart(raw: Raw, state: Raw): number | undefined {
  const before = rawOf(rawOf(raw['lastState'])['terminated'])
  const times = [before, rawOf(state['running']), rawOf(state['terminated'])].flatMap(
    (one) => timeOf(one['startedAt']) ?? [],
  )
  return times.length === 0 ? undefined : Math.min(...times)
}
