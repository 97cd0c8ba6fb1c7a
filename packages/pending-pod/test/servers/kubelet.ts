// SPDX-License-Identifier: Apache-2.0
import { until } from '../../../../test/servers/until.ts'
import type { Admin } from '../../../kube/test/control-plane/admin.ts'
import { podPath } from './pods.ts'

/** Has the fake kubelet leave a pod alone. */
export const neverStarts = { 'leadline.test/fate': 'never-starts' }

type Fields = Readonly<Record<string, unknown>>

/** A pod as tests look at it. */
export interface PodObject {
  readonly metadata: { readonly creationTimestamp: string; readonly uid: string }
  readonly spec: { readonly nodeName?: string }
  readonly status: {
    readonly phase: string
    readonly nominatedNodeName?: string
    readonly conditions?: readonly Readonly<Record<string, string>>[]
  }
}

/** Waits until a pod is so, and gives it. */
export function podThat(
  admin: Admin,
  name: string,
  namespace: string,
  isSo: (pod: PodObject) => boolean,
): Promise<PodObject> {
  return until(`${namespace}/${name} to be so`, async () => {
    const pod = await admin.get<PodObject>(podPath(name, namespace))
    return pod !== undefined && isSo(pod) ? pod : undefined
  })
}

/** Whether the scheduler has given it a node. */
export function isBound({ spec }: PodObject): boolean {
  return spec.nodeName !== undefined
}

/** When a pod was made, in unix seconds. */
export function createdAt({ metadata }: PodObject): number {
  return Date.parse(metadata.creationTimestamp) / 1000
}

/** Says of a pod's status what a kubelet, or a scheduler, would. */
export async function saysOf(admin: Admin, name: string, namespace: string, status: Fields): Promise<void> {
  await admin.patch(podPath(`${name}/status`, namespace), { status })
}

/** The status of a container of which a kubelet says this. */
export function containerStatus(name: string, state: Fields, restartCount = 0): Fields {
  const isRunning = 'running' in state
  return { name, image: 'example.invalid/none:1', ready: isRunning, started: isRunning, restartCount, state }
}

/** The state of a container that waits. */
export function waitingFor(reason: string): Fields {
  return { waiting: { reason, message: `${reason} of example.invalid/none:1` } }
}

/** The state of a container that runs. */
export function runningSince(unix: number): Fields {
  return { running: { startedAt: timeText(unix) } }
}

/** The state of a container that has failed. */
export function failedAt(unix: number): Fields {
  return { terminated: { exitCode: 1, reason: 'Error', startedAt: timeText(unix), finishedAt: timeText(unix) } }
}

/** A time as the API has it, in whole seconds. */
export function timeText(unix: number): string {
  return new Date(Math.floor(unix) * 1000).toISOString().replace('.000', '')
}
