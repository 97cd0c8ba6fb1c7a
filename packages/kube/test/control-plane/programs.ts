// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path'
import type { Admin } from './admin.ts'
import type { ComponentPlan } from './component.ts'
import type { Site } from './site.ts'

/** What the plan of a program is made of. */
export interface PlanOptions {
  readonly site: Site
  readonly binary: string
  /** They come last, so that they win over those that are given here. */
  readonly flags: readonly string[]
  readonly admin: Admin
}

/** The controllers that CronJobs, Jobs and namespaces need. */
const controllers = ['cronjob', 'job', 'garbagecollector', 'ttl-after-finished', 'namespace', 'podgc', 'resourcequota']

/** etcd without fsync: nothing here outlives the machine. */
export function planEtcd({ site, binary, flags }: PlanOptions): ComponentPlan {
  const { address, ports, folder } = site
  const [client, peer] = [`http://${address}:${ports.etcd}`, `http://${address}:${ports.etcdPeer}`]
  const args = [
    `--data-dir=${join(folder.path, 'etcd')}`,
    '--unsafe-no-fsync',
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
    // A member alone need not wait to see whether another leads.
    '--heartbeat-interval=50',
    '--election-timeout=250',
    ...flags,
  ]
  return { name: 'etcd', binary, args, ready: /serving (insecure )?client (requests|traffic)/, isReady }
}

/** The API server with RBAC, tokens and client certificates; an audit log when it is to have one. */
export function planApiServer({ site, binary, flags, admin }: PlanOptions): ComponentPlan {
  const { address, ports, files } = site
  const args = [
    `--etcd-servers=http://${address}:${ports.etcd}`,
    `--bind-address=${address}`,
    `--secure-port=${ports.apiServer}`,
    // Endpoints can't hold loopback addresses, and nobody here asks for the service kubernetes.
    '--advertise-address=192.0.2.1',
    '--endpoint-reconciler-type=none',
    '--service-cluster-ip-range=10.0.0.0/24',
    ...servingFlags(site),
    `--client-ca-file=${files.authority}`,
    `--token-auth-file=${files.tokens}`,
    '--authorization-mode=RBAC',
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-signing-key-file=${files.key}`,
    `--service-account-key-file=${files.certificate}`,
    // Nothing here mounts tokens, and taints of new nodes would wait for the node lifecycle controller.
    '--disable-admission-plugins=ServiceAccount,TaintNodesByCondition',
    '--profiling=false',
    ...flags,
  ]
  const ready = async (): Promise<boolean> =>
    (await admin.text('/readyz')) === 'ok' && (await admin.get('/api/v1/namespaces/default')) !== undefined
  return { name: 'kube-apiserver', binary, args, ready: /Serving securely on/, isReady: ready }
}

/** The controller manager, with the controllers that are needed; ready when the CronJob controller works. */
export function planControllerManager({ site, binary, flags, admin }: PlanOptions): ComponentPlan {
  const { address, ports, kubeconfigs, files } = site
  const args = [
    `--kubeconfig=${kubeconfigs['system:kube-controller-manager']}`,
    ...ownServer(site, ports.controllerManager),
    `--controllers=${controllers.join(',')}`,
    `--service-account-private-key-file=${files.key}`,
    // Has it tell when it knows all objects of a kind.
    '--vmodule=reflector=2',
    ...flags,
  ]
  const health = `https://${address}:${ports.controllerManager}/healthz`
  return {
    name: 'kube-controller-manager',
    binary,
    args,
    ready: /(?=[\s\S]*Caches populated" type="\*v1\.CronJob")[\s\S]*Caches populated" type="\*v1\.Job"/,
    isReady: async () => (await admin.text(health)) === 'ok',
  }
}

/** The scheduler; ready when it knows nodes and pods. */
export function planScheduler({ site, binary, flags, admin }: PlanOptions): ComponentPlan {
  const { address, ports, kubeconfigs } = site
  const args = [`--kubeconfig=${kubeconfigs['system:kube-scheduler']}`, ...ownServer(site, ports.scheduler), ...flags]
  const health = `https://${address}:${ports.scheduler}/readyz`
  return {
    name: 'kube-scheduler',
    binary,
    args,
    ready: /Serving securely on/,
    isReady: async () => (await admin.text(health)) === 'ok',
  }
}

/** kwok, which plays the kubelets of all nodes by stages.yaml. */
export function planKwok({ site, binary, flags, admin }: PlanOptions): ComponentPlan {
  const { address, ports, kubeconfigs } = site
  const args = [
    `--kubeconfig=${kubeconfigs.kwok}`,
    `--config=${join(import.meta.dirname, 'stages.yaml')}`,
    '--manage-all-nodes=true',
    '--node-lease-duration-seconds=40',
    `--server-address=${address}:${ports.kwok}`,
    ...flags,
  ]
  const health = `http://${address}:${ports.kwok}/healthz`
  return {
    name: 'kwok',
    binary,
    args,
    // One that was killed left them behind, and the next would wait for 40 s before it touches a node.
    prepare: () => admin.delete('/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases'),
    ready: /Watch all nodes/,
    isReady: async () => (await admin.text(health)) === 'ok',
  }
}

function servingFlags({ files }: Site): string[] {
  return [`--tls-cert-file=${files.certificate}`, `--tls-private-key-file=${files.key}`]
}

function ownServer(site: Site, port: number): string[] {
  return [
    `--bind-address=${site.address}`,
    `--secure-port=${port}`,
    ...servingFlags(site),
    '--leader-elect=false',
    '--authorization-always-allow-paths=/healthz,/readyz,/livez,/metrics',
  ]
}

async function isReady(): Promise<boolean> {
  return true
}
