// SPDX-License-Identifier: Apache-2.0
import { until } from '../../../../test/servers/until.ts'
import type { Admin } from '../../../kube/test/control-plane/admin.ts'

/** A pod, as far as tests look. */
export interface Pod {
  readonly metadata: { readonly name: string; readonly namespace: string; readonly uid: string }
  readonly status: { readonly phase: string; readonly conditions?: readonly Readonly<Record<string, string>>[] }
}

/** Path of a pod, or of a subresource of it. */
export function podPath({ metadata: { name, namespace } }: Pod, subresource = ''): string {
  return `/api/v1/namespaces/${namespace}/pods/${name}${subresource && `/${subresource}`}`
}

/** Waits for the one pod of a namespace to be in this phase, and gives it. */
export function podIn(admin: Admin, namespace: string, phase: string): Promise<Pod> {
  return until(`a pod of ${namespace} that is ${phase}`, async () => {
    const pods = await admin.list<Pod>(`/api/v1/namespaces/${namespace}/pods`)
    return pods.find(({ status }) => status.phase === phase)
  })
}

/** Says of a pod's status what a kubelet would; a condition takes the place of one of its type. */
export async function sayAsKubelet(
  admin: Admin,
  pod: Pod,
  fields: Readonly<Record<string, unknown>>,
  condition?: Readonly<Record<'type' | 'status' | 'reason', string>>,
): Promise<void> {
  const others = (pod.status.conditions ?? []).filter(({ type }) => type !== condition?.type)
  const conditions = condition && [...others, { ...condition, lastTransitionTime: new Date().toISOString() }]
  await admin.patch(podPath(pod, 'status'), { status: { ...fields, ...(conditions && { conditions }) } })
}
