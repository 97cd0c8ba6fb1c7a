// SPDX-License-Identifier: Apache-2.0
import type { Admin } from '../../../kube/test/control-plane/admin.ts'
import { podThat } from './kubelet.ts'
import { podPath } from './pods.ts'

/** The nodes of a control plane with two. */
export const nodes = ['node-1', 'node-2'] as const

/** The label of a node that has its name. */
export const byHost = 'kubernetes.io/hostname'

const image = 'example.invalid/none:1'

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
  for (const node of nodes) {
    await admin.create(podPath('', 'neighbours'), {
      metadata: { name: node, labels: { app: 'other' }, ...metadata },
      spec: {
        nodeSelector: { [byHost]: node },
        terminationGracePeriodSeconds: 0,
        containers: [{ name: 'main', image, ...container }],
        ...spec,
      },
    })
  }
  for (const node of nodes) await podThat(admin, node, 'neighbours', ({ status }) => status.phase === 'Running')
}

/** Has them go. */
export async function removeNeighbours(admin: Admin): Promise<void> {
  await Promise.all(nodes.map((node) => admin.delete(podPath(node, 'neighbours'))))
}
