// SPDX-License-Identifier: Apache-2.0
import type { Admin } from '../../../kube/test/control-plane/admin.ts'
import type { Cause } from '../../src/cause/cause.ts'
import type { NodeReason } from '../../src/message/node-reason.ts'
import { makeClaim, makeFarClaim, namespace } from './claims.ts'
import { byHost, makeNeighbours, nodes, removeNeighbours } from './neighbours.ts'
import type { PodPlan } from './pods.ts'

const taint = { key: 'example.com/team', value: 'a', effect: 'NoSchedule' }
const image = 'example.invalid/none:1'

/** A pod that the scheduler refuses, and what is to be told of it. */
export interface Refused {
  readonly cause: Cause
  /** What keeps it from its node. */
  readonly because: string
  readonly reasons: Readonly<Partial<Record<NodeReason, number>>>
  readonly pod: PodPlan
  /** What the cluster is to be like before, and how to undo it. */
  readonly before?: (admin: Admin) => Promise<unknown>
  readonly after?: (admin: Admin) => Promise<unknown>
}

/** Path of a node. */
export const nodePath = (name: string): string => `/api/v1/nodes/${name}`
const eachNode = (fields: object) => (admin: Admin) =>
  Promise.all(nodes.map((name) => admin.patch(nodePath(name), fields)))
const room = (amounts: object) => (admin: Admin) =>
  Promise.all(nodes.map((name) => admin.patch(`${nodePath(name)}/status`, { status: { allocatable: amounts } })))

const withContainer = (fields: object): PodPlan => ({ spec: { containers: [{ name: 'main', image, ...fields }] } })
const withClaim = (claimName: string): PodPlan => ({
  spec: { volumes: [{ name: 'data', persistentVolumeClaim: { claimName } }] },
})
const affinity = (kind: 'podAffinity' | 'podAntiAffinity', topologyKey = byHost): PodPlan => ({
  spec: {
    affinity: {
      [kind]: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { topologyKey, namespaces: ['neighbours'], labelSelector: { matchLabels: { app: 'other' } } },
        ],
      },
    },
  },
})

/** What the scheduler refuses, one after the other, on two nodes. */
export const refusals: readonly Refused[] = [
  {
    cause: 'insufficient_cpu',
    because: 'more cpu than a node has',
    reasons: { insufficient_cpu: 2 },
    pod: { requests: { cpu: '1000' } },
  },
  {
    cause: 'insufficient_memory',
    because: 'more memory than a node has',
    reasons: { insufficient_memory: 2 },
    pod: { requests: { memory: '1Ti' } },
  },
  {
    cause: 'insufficient_storage',
    because: 'more storage of its own than a node has',
    reasons: { insufficient_storage: 2 },
    pod: { requests: { 'ephemeral-storage': '1Ti' } },
  },
  {
    cause: 'insufficient_extended',
    because: 'a device that no node has',
    reasons: { insufficient_extended: 2 },
    pod: withContainer({ resources: { limits: { 'example.com/gpu': 1 } } }),
  },
  {
    cause: 'node_affinity',
    because: 'a label that no node has',
    reasons: { node_affinity: 2 },
    pod: { spec: { nodeSelector: { disk: 'fast' } } },
  },
  {
    cause: 'pod_affinity',
    because: 'a neighbour that is not there',
    reasons: { pod_affinity: 2 },
    pod: affinity('podAffinity'),
  },
  {
    cause: 'pod_affinity',
    because: 'a neighbour that is on each node',
    reasons: { pod_affinity: 2 },
    pod: affinity('podAntiAffinity'),
    before: (admin) => makeNeighbours(admin, {}),
    after: removeNeighbours,
  },
  {
    cause: 'host_port',
    because: 'a port that is taken on each node',
    reasons: { host_port: 2 },
    pod: withContainer({ ports: [{ containerPort: 8080, hostPort: 8080 }] }),
    before: (admin) => makeNeighbours(admin, { ports: [{ containerPort: 8080, hostPort: 8080 }] }),
    after: removeNeighbours,
  },
  {
    cause: 'topology_spread',
    because: 'zones of which the nodes know nothing',
    reasons: { topology_spread: 2 },
    pod: {
      spec: {
        topologySpreadConstraints: [
          {
            maxSkew: 1,
            topologyKey: 'example.com/zone',
            whenUnsatisfiable: 'DoNotSchedule',
            labelSelector: { matchLabels: { app: 'web' } },
          },
        ],
      },
    },
  },
  {
    cause: 'pvc_missing',
    because: 'a claim that is not there',
    reasons: { pvc_missing: 2 },
    pod: withClaim('nowhere'),
  },
  {
    cause: 'pvc_unbound',
    because: 'a claim that has no volume',
    reasons: { pvc_unbound: 2 },
    pod: withClaim('unbound'),
    before: (admin) => makeClaim(admin, 'unbound', { storageClassName: '' }),
  },
  {
    cause: 'volume_unavailable',
    because: 'a claim that waits for its first consumer, and for which there is no volume',
    reasons: { volume_unavailable: 2 },
    pod: withClaim('late'),
    async before(admin) {
      await admin.create('/apis/storage.k8s.io/v1/storageclasses', {
        metadata: { name: 'late' },
        provisioner: 'kubernetes.io/no-provisioner',
        volumeBindingMode: 'WaitForFirstConsumer',
      })
      await makeClaim(admin, 'late', { storageClassName: 'late' })
    },
  },
  {
    cause: 'volume_zone',
    because: 'a volume that is where no node is',
    reasons: { volume_zone: 2 },
    pod: withClaim('far'),
    before: makeFarClaim,
  },
  {
    cause: 'device_claim',
    because: 'a claim of devices of a class that is not there',
    reasons: { device_claim: 2 },
    pod: { spec: { resourceClaims: [{ name: 'gpu', resourceClaimName: 'gpu' }] } },
    before: (admin) =>
      admin.create(`/apis/resource.k8s.io/v1/namespaces/${namespace}/resourceclaims`, {
        metadata: { name: 'gpu' },
        spec: { devices: { requests: [{ name: 'gpu', exactly: { deviceClassName: 'gpu.example.com' } }] } },
      }),
  },
  {
    cause: 'taint',
    because: 'taints that it does not tolerate',
    reasons: { taint: 2 },
    pod: {},
    before: eachNode({ spec: { taints: [taint] } }),
    after: eachNode({ spec: { taints: null } }),
  },
  {
    cause: 'cordoned',
    because: 'nodes that are cordoned',
    reasons: { cordoned: 2 },
    pod: {},
    before: eachNode({ spec: { unschedulable: true } }),
    after: eachNode({ spec: { unschedulable: null } }),
  },
  {
    cause: 'too_many_pods',
    because: 'nodes that run as many pods as they may',
    reasons: { too_many_pods: 2 },
    pod: {},
    before: room({ pods: '0' }),
    after: room({ pods: '5000' }),
  },
  {
    cause: 'insufficient_cpu',
    because: 'cpu that it lacks on the one node that was meant for it',
    reasons: { insufficient_cpu: 1, taint: 1 },
    pod: { requests: { cpu: '1000' } },
    before: (admin) => admin.patch(nodePath(nodes[0]), { spec: { taints: [taint] } }),
    after: eachNode({ spec: { taints: null } }),
  },
  {
    cause: 'insufficient_memory',
    because: 'cpu and memory alike',
    reasons: { insufficient_cpu: 2, insufficient_memory: 2 },
    pod: { requests: { cpu: '2000', memory: '1Ti' } },
  },
]
