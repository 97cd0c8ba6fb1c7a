// SPDX-License-Identifier: Apache-2.0
import { until } from '../../../../test/servers/until.ts'
import type { Admin } from '../../../kube/test/control-plane/admin.ts'

interface Quota {
  readonly status?: { readonly hard?: object }
}

/** Has the API server refuse all of a kind in a namespace: `pods`, `count/jobs.batch`. Resolves when it does. */
export async function refuse(admin: Admin, namespace: string, kind: string): Promise<void> {
  await admin.create(`/api/v1/namespaces/${namespace}/resourcequotas`, {
    metadata: { name: 'none' },
    spec: { hard: { [kind]: '0' } },
  })
  await until('the quota to be in force', async () => (await admin.get<Quota>(quotaPath(namespace)))?.status?.hard)
}

/** Has it refuse them no more. */
export function allow(admin: Admin, namespace: string): Promise<void> {
  return admin.delete(quotaPath(namespace))
}

function quotaPath(namespace: string): string {
  return `/api/v1/namespaces/${namespace}/resourcequotas/none`
}
