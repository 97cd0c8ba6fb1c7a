// SPDX-License-Identifier: Apache-2.0
import type { Test } from 'tap'
import { needServer, type ServerName } from '../../../../test/servers/find.ts'
import type { Fault } from '../../../../test/servers/tcp-link.ts'
import { startProxy, type TcpProxy } from '../../../../test/servers/tcp-proxy.ts'
import type { TestCertificate } from '../../../kit/test/certificates.ts'
import { type Admin, openAdmin } from './admin.ts'
import { makeAudit } from './audit.ts'
import { Component, type ComponentPlan } from './component.ts'
import { addNodes } from './nodes.ts'
import {
  type PlanOptions,
  planApiServer,
  planControllerManager,
  planEtcd,
  planKwok,
  planScheduler,
} from './programs.ts'
import { makeSite } from './site.ts'
import { addUser, type Rule, type User } from './users.ts'

/** Which parts to start, each with further flags; etcd and the API server are always there. */
export interface ControlPlaneOptions {
  readonly etcd?: readonly string[]
  /** As `--feature-gates=WatchList=false`. */
  readonly apiServer?: readonly string[]
  /** Without it there is none. As `--kube-api-qps=500`; `--controllers=node-lifecycle-controller` adds one. */
  readonly controllerManager?: readonly string[]
  /** Without it there is none. */
  readonly scheduler?: readonly string[]
  /** Number of nodes that kwok plays; without it there is no kwok. */
  readonly nodes?: number
  /** Whether to keep an audit log of the Jobs that are created and the pods that are read one by one. */
  readonly audit?: boolean
  /** Whether users, not the admin and the parts themselves, come by way of a proxy. */
  readonly proxy?: boolean
}

/** Between users and the API server. */
export interface UserProxy {
  /** Resets all connections, those that are there and those to come. */
  cut(): void
  /** Has not a byte get through while all connections stay open. */
  silence(): void
  /** Lets all pass again; what was held up arrives late but whole. */
  restore(): void
}

/** A real control plane. Parts that it was not to have throw when they are used. */
export interface ControlPlane extends Readonly<Record<PartName, Component>> {
  /** URL of the API server, past the proxy. */
  readonly url: string
  /** URL by which users reach it: that of the proxy when there is one. */
  readonly userUrl: string
  /** Path of a kubeconfig of one who may do everything, past the proxy. */
  readonly kubeconfig: string
  /** The same, to be asked directly. */
  readonly admin: Admin
  /** Signs the API server's certificate and is trusted with those of clients, whose common name is the user. */
  readonly authority: TestCertificate
  readonly proxy: UserProxy
  /** Path of the audit log; undefined without `audit`. */
  readonly auditLog: string | undefined
  /** Adds a service account with these rights in all namespaces. */
  addUser(name: string, rules: readonly Rule[]): Promise<User>
}

/**
 * Starts a real control plane, and has it ended with the test. Resolves when each part does its work and all nodes are
 * ready; with undefined after the test was skipped for want of a program. Throws with the log of what does not start.
 */
export async function startControlPlane(t: Test, options: ControlPlaneOptions = {}): Promise<ControlPlane | undefined> {
  const binaries = new Map<PartName, string>()
  for (const name of partsOf(options)) {
    const binary = needServer(t, programs[name].server)
    if (binary === undefined) return undefined
    binaries.set(name, binary)
  }
  const site = await makeSite()
  const { folder, address, ports, authority } = site
  const audit = options.audit ? await makeAudit(folder) : undefined
  const url = `https://${address}:${ports.apiServer}`
  const admin = openAdmin({ url, token: site.adminToken, authority: authority.cert })
  const flags = { ...options, apiServer: [...(audit?.flags ?? []), ...(options.apiServer ?? [])], kwok: [] }
  const parts = new Map<PartName, Component>()
  for (const [name, binary] of binaries) {
    parts.set(name, new Component(programs[name].plan({ site, binary, flags: flags[name] ?? [], admin })))
  }
  const proxy = options.proxy
    ? await startProxy({ host: address, port: ports.proxy }, { host: address, port: ports.apiServer })
    : undefined
  t.teardown(async () => {
    await Promise.all([admin.close(), proxy?.close(), ...[...parts.values()].map((part) => part.kill())])
    await folder.remove()
  })
  const userUrl = proxy ? `https://${address}:${ports.proxy}` : url
  await start(parts)
  if (options.nodes !== undefined) await addNodes(admin, options.nodes)
  const place = { admin, url: userUrl, folder: folder.path, authority: authority.cert }
  return {
    get etcd() {
      return partOf(parts, 'etcd')
    },
    get apiServer() {
      return partOf(parts, 'apiServer')
    },
    get controllerManager() {
      return partOf(parts, 'controllerManager')
    },
    get scheduler() {
      return partOf(parts, 'scheduler')
    },
    get kwok() {
      return partOf(parts, 'kwok')
    },
    url,
    userUrl,
    kubeconfig: site.kubeconfigs.admin,
    admin,
    authority,
    proxy: userProxy(proxy),
    auditLog: audit?.log,
    addUser: (name, rules) => addUser(place, name, rules),
  }
}

interface Program {
  readonly server: ServerName
  readonly plan: (options: PlanOptions) => ComponentPlan
}

const programs = {
  etcd: { server: 'etcd_3_5', plan: planEtcd },
  apiServer: { server: 'kube_apiserver', plan: planApiServer },
  controllerManager: { server: 'kube_controller_manager', plan: planControllerManager },
  scheduler: { server: 'kube_scheduler', plan: planScheduler },
  kwok: { server: 'kwok', plan: planKwok },
} as const satisfies Readonly<Record<string, Program>>
type PartName = keyof typeof programs

function partsOf({ controllerManager, scheduler, nodes }: ControlPlaneOptions): PartName[] {
  const parts: PartName[] = ['etcd', 'apiServer']
  if (controllerManager !== undefined) parts.push('controllerManager')
  if (scheduler !== undefined) parts.push('scheduler')
  if (nodes !== undefined) parts.push('kwok')
  return parts
}

/** The others can do nothing before the API server is ready, and what they try would only keep it busy. */
async function start(parts: ReadonlyMap<PartName, Component>): Promise<void> {
  const { etcd, apiServer, ...others } = Object.fromEntries(parts)
  await etcd?.start()
  await apiServer?.start()
  // All of them, as one that is still under way could not be ended.
  const starts = await Promise.allSettled(Object.values(others).map((part) => part.start()))
  for (const started of starts) if (started.status === 'rejected') throw started.reason
}

function partOf(parts: ReadonlyMap<PartName, Component>, name: PartName): Component {
  const part = parts.get(name)
  if (part === undefined) throw new Error(`this control plane has no ${name}`)
  return part
}

function userProxy(proxy: TcpProxy | undefined): UserProxy {
  const set = (fault: Fault) => (): void => {
    if (!proxy) throw new Error('this control plane has no proxy')
    proxy.set(fault)
  }
  return { cut: set('reset'), silence: set('stall'), restore: set('pass') }
}
