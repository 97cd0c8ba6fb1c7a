// SPDX-License-Identifier: Apache-2.0
import type { Admin } from '../../../kube/test/control-plane/admin.ts'
import type { PodObject } from './kubelet.ts'

/** Where the pods are that the scheduler refuses, and the claims that they name. */
export const namespace = 'refused'

const claimPath = `/api/v1/namespaces/${namespace}/persistentvolumeclaims`

/** Makes a claim of a volume. */
export async function makeClaim(admin: Admin, name: string, spec: object): Promise<void> {
  const size = { resources: { requests: { storage: '1Gi' } } }
  await admin.create(claimPath, { metadata: { name }, spec: { accessModes: ['ReadWriteOnce'], ...size, ...spec } })
}

/** Makes the claim `far`, and has it bound to a volume that no node can reach. */
export async function makeFarClaim(admin: Admin): Promise<void> {
  const size = { storage: '1Gi' }
  const inZone = { key: 'example.com/zone', operator: 'In', values: ['far'] }
  await makeClaim(admin, 'far', { storageClassName: '', volumeName: 'far' })
  const claim = await admin.get<PodObject>(`${claimPath}/far`)
  await admin.create('/api/v1/persistentvolumes', {
    metadata: { name: 'far' },
    spec: {
      capacity: size,
      accessModes: ['ReadWriteOnce'],
      hostPath: { path: '/far' },
      claimRef: { namespace, name: 'far', uid: claim?.metadata.uid },
      nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [inZone] }] } },
    },
  })
  await admin.patch(`${claimPath}/far`, {
    metadata: { annotations: { 'pv.kubernetes.io/bind-completed': 'yes' } },
  })
  await admin.patch(`${claimPath}/far/status`, { status: { phase: 'Bound', capacity: size } })
}
