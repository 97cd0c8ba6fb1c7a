// SPDX-License-Identifier: Apache-2.0
import type { Admin } from '../../../kube/test/control-plane/admin.ts'
import { podThat } from './kubelet.ts'
import { podPath } from './pods.ts'

/** The nodes of a control plane with two. */
export const nodes = ['node-1', 'node-2'] as const

/** The label of a node that has its name. */
export const byHost = 'kubernetes.io/hostname'

const image = 'example.invalid/none:1'

const namespace = 'neighbours'
let made = 0

/**
 * Has a pod with the label `app: other` run on each node, in the namespace neighbours. What is given goes into their
 * metadata, spec and container.
 */
export async function makeNeighbours(
  admin: Admin,
  container: object,
  metadata: object = {},
  spec: object = {},
): Promise<void> {
  // No two have the same name, since kwok may take what was to become of the one before for what is to become of this.
  made++
  for (const node of nodes) {
    await admin.create(podPath('', namespace), {
      metadata: { name: `${node}-${made}`, labels: { app: 'other' }, ...metadata },
      spec: {
        nodeSelector: { [byHost]: node },
        terminationGracePeriodSeconds: 0,
        containers: [{ name: 'main', image, ...container }],
        ...spec,
      },
    })
  }
  for (const node of nodes) {
    await podThat(admin, `${node}-${made}`, namespace, ({ status }) => status.phase === 'Running')
  }
}

/** Has all of them go, whatever holds them. */
export async function removeNeighbours(admin: Admin): Promise<void> {
  const pods = await admin.list<{ readonly metadata: { readonly name: string } }>(podPath('', namespace))
  for (const { metadata } of pods) {
    const path = podPath(metadata.name, namespace)
    await admin.patch(path, { metadata: { finalizers: null } })
    await admin.delete(path)
  }
}
