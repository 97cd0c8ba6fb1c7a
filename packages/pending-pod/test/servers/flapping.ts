// SPDX-License-Identifier: Apache-2.0
import type { Cause } from '../../src/cause/cause.ts'
import { containerStatus, failedAt, runningSince, waitingFor } from './kubelet.ts'
import type { PodPlan } from './pods.ts'

const image = 'example.invalid/none:1'

/** What kubelets say of a pod by turns, and the one cause that it comes to. */
export interface Flapping {
  readonly namespace: string
  readonly what: string
  readonly cause: Cause
  readonly spec?: PodPlan['spec']
  readonly says: (turn: number, at: number) => Readonly<Record<string, unknown>>
}

const main = (state: Readonly<Record<string, unknown>>) => ({ containerStatuses: [containerStatus('main', state)] })

/** Each in a namespace of its own, with its one pod. */
export const flapping: readonly Flapping[] = [
  {
    namespace: 'no-image',
    what: 'whose image is asked for again and again',
    cause: 'image_pull_error',
    says: (turn) => main(waitingFor(turn % 2 === 0 ? 'ErrImagePull' : 'ImagePullBackOff')),
  },
  {
    namespace: 'no-secret',
    what: 'whose Secret is missing, and whose kubelet tries it again and again',
    cause: 'config_error',
    says: (turn) => main(waitingFor(turn % 3 === 2 ? 'ContainerCreating' : 'CreateContainerConfigError')),
  },
  {
    namespace: 'init-fails',
    what: 'whose init container fails again and again',
    cause: 'init_crashloop',
    spec: { initContainers: [{ name: 'init', image }] },
    says(turn, at) {
      const restarts = Math.floor(turn / 3) + 1
      const state = [waitingFor('CrashLoopBackOff'), runningSince(at), failedAt(at)][turn % 3] ?? {}
      return {
        initContainerStatuses: [containerStatus('init', state, restarts)],
        containerStatuses: [containerStatus('main', waitingFor('PodInitializing'))],
      }
    },
  },
  {
    namespace: 'one-of-three',
    what: 'of which one container of three waits while another ends and starts',
    cause: 'sidecar_or_partial_start',
    spec: { containers: ['main', 'proxy', 'logs'].map((name) => ({ name, image })) },
    says: (turn, at) => ({
      containerStatuses: [
        containerStatus('main', runningSince(at - turn)),
        containerStatus('proxy', turn % 2 === 0 ? runningSince(at) : failedAt(at), Math.floor(turn / 2)),
        containerStatus('logs', waitingFor('ContainerCreating')),
      ],
    }),
  },
]
