// SPDX-License-Identifier: Apache-2.0
import { problemOf } from '../cause/waiting-reason.ts'
import type { ContainerFacts } from '../pod/container.ts'
import type { PendingPodFacts } from '../pod/pod.ts'

/** Who speaks of a pod. */
export const speakers = ['scheduler', 'kubelet'] as const

/** What Kubernetes itself says of why a pod waits. */
export interface Said {
  readonly by: (typeof speakers)[number]
  /** The container that the kubelet speaks of. */
  readonly container: ContainerFacts | undefined
  readonly reason: string | undefined
  readonly message: string | undefined
}

/** What the scheduler says of a pod without a node, the kubelet of another; undefined when that is nothing. */
export function saidOf(pod: PendingPodFacts): Said | undefined {
  return pod.nodeName === undefined ? schedulerSaid(pod) : kubeletSaid(pod)
}

/** The same as one line. */
export function saidText({ container, reason, message }: Said): string {
  // That word is what the message begins to explain.
  const parts = [container && containerText(container), reason === 'Unschedulable' && message ? undefined : reason]
  return [...parts, message].filter((part) => part !== undefined).join(': ')
}

function schedulerSaid({ scheduled }: PendingPodFacts): Said | undefined {
  if (scheduled === undefined || scheduled.isTrue) return undefined
  const { reason, message } = scheduled
  return reason === undefined && message === undefined
    ? undefined
    : { by: 'scheduler', container: undefined, reason, message }
}

function kubeletSaid({ containers, reason, message }: PendingPodFacts): Said | undefined {
  const container = blocking(containers)
  if (container !== undefined) {
    return { by: 'kubelet', container, reason: container.waitingReason, message: container.waitingMessage }
  }
  if (reason === undefined && message === undefined) return undefined
  return { by: 'kubelet', container: undefined, reason, message }
}

/** The one that the others wait for. */
function blocking(containers: readonly ContainerFacts[]): ContainerFacts | undefined {
  return (
    containers.find(({ role, isPassed }) => role !== 'main' && !isPassed) ??
    containers.find((container) => problemOf(container) !== undefined) ??
    containers.find(({ state }) => state === 'waiting')
  )
}

const roleTexts = { init: 'init container', sidecar: 'sidecar', main: 'container' } as const

function containerText({ role, name, state, waitingReason, restarts }: ContainerFacts): string {
  const doing =
    waitingReason === undefined && state !== 'waiting' ? ` ${state === 'running' ? 'runs' : 'has ended'}` : ''
  const again = restarts === 0 ? '' : `, restarted ${restarts} ${restarts === 1 ? 'time' : 'times'}`
  return `${roleTexts[role]} ${name}${doing}${again}`
}
