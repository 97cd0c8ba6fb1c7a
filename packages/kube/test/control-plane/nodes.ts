// SPDX-License-Identifier: Apache-2.0
import { until } from '../../../../test/servers/until.ts'
import type { ApiObject } from '../../src/object.ts'
import type { Admin } from './admin.ts'

/** Makes that many nodes, `node-1` the first, and waits until kwok has all of them ready. */
export async function addNodes(admin: Admin, count: number): Promise<void> {
  const names = Array.from({ length: count }, (_, i) => `node-${i + 1}`)
  await Promise.all(
    names.map((name) =>
      admin.create('/api/v1/nodes', { metadata: { name, labels: { 'kubernetes.io/hostname': name } } }),
    ),
  )
  await until('the nodes to be ready', async () => {
    const nodes = await admin.list('/api/v1/nodes')
    return nodes.filter(isReady).length >= count || undefined
  })
}

function isReady({ status }: ApiObject & { readonly status?: NodeStatus }): boolean {
  return status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True') ?? false
}

interface NodeStatus {
  readonly conditions?: readonly { readonly type: string; readonly status: string }[]
}
