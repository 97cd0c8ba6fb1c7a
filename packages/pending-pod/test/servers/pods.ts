// SPDX-License-Identifier: Apache-2.0
import type { Admin } from '../../../kube/test/control-plane/admin.ts'

/** What a test says of a pod. */
export interface PodPlan {
  readonly namespace?: string
  /** What becomes of it, as the fake kubelet takes it. */
  readonly annotations?: Readonly<Record<string, string>>
  /** What its container asks for. */
  readonly requests?: Readonly<Record<string, string>>
  /** Further fields of its `spec`. */
  readonly spec?: Readonly<Record<string, unknown>>
}

/** Path of the pods of a namespace, or of one of them. */
export function podPath(name = '', namespace = 'default'): string {
  return `/api/v1/namespaces/${namespace}/pods${name && `/${name}`}`
}

/** Makes a pod. */
export async function makePod(admin: Admin, name: string, plan: PodPlan = {}): Promise<void> {
  const { namespace, annotations = {}, requests = {}, spec = {} } = plan
  const container = { name: 'main', image: 'example.invalid/none:1', resources: { requests } }
  await admin.create(podPath('', namespace), {
    metadata: { name, annotations },
    spec: { terminationGracePeriodSeconds: 0, containers: [container], ...spec },
  })
}
