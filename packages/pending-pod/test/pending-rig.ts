// SPDX-License-Identifier: Apache-2.0
import { fastify } from 'fastify'
import type { NodeFacts } from '../src/help/node-facts.ts'
import { createLedger } from '../src/ledger/ledger.ts'
import { ledgerTerms } from '../src/ledger/options.ts'
import { settleCause } from '../src/ledger/waiting-pod.ts'
import { pendingRoutes } from '../src/pending-page/routes.ts'
import type { PendingView } from '../src/pending-page/view.ts'
import { readAmounts } from '../src/pod/amounts.ts'
import { type PodParts, pod, refused } from './objects.ts'

/** When pages of tests are asked for: 2026-11-21T17:00:00Z. */
export const now = Date.UTC(2026, 10, 21, 17) / 1000

/** A page on a ledger of these pods, all seen now. */
export function viewOf(pods: readonly PodParts[], more: Partial<PendingView> = {}): PendingView {
  const ledger = createLedger({}, () => undefined)
  ledger.pods.replace(
    pods.map((parts, i) => pod({ uid: `u${i}`, ...parts })),
    now,
  )
  return {
    waiting: () => ledger.waiting(),
    causeOf: (one) => settleCause(one, ledgerTerms({}), now),
    now: () => now,
    blindness: () => undefined,
    thresholdSecondsOf: () => 300,
    nodes: () => Promise.resolve([]),
    path: (relative) => `/prefix/${relative}`,
    ...more,
  }
}

/** The parts of a pod of this name that has waited so long, for cpu unless they say otherwise. */
export function waiter(name: string, ageSeconds: number, more: PodParts = {}): PodParts {
  return {
    name,
    createdAt: now - ageSeconds,
    conditions: [refused('0/3 nodes are available: 3 Insufficient cpu.')],
    ...more,
    spec: { containers: [{ name: 'main', resources: { requests: { cpu: '2' } } }], ...more.spec },
  }
}

/** The parts of a pod that a gate holds. */
export function gatedWaiter(name: string, ageSeconds: number): PodParts {
  return waiter(name, ageSeconds, { spec: { schedulingGates: [{ name: 'quota' }] }, conditions: [] })
}

/** What a pod has whose ReplicaSet is of a Deployment. */
export function ofDeployment(name: string): object {
  const controller = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `${name}-7f`, controller: true }
  return { labels: { 'pod-template-hash': '7f' }, ownerReferences: [controller] }
}

/** A node that has so much cpu, and so much of that asked for. */
export function nodeOf(name: string, cpu: string, asked: string, more: Partial<NodeFacts> = {}): NodeFacts {
  return {
    name,
    allocatable: readAmounts({ cpu, pods: '110' }),
    requested: readAmounts({ cpu: asked, pods: '3' }),
    taints: [],
    unschedulable: false,
    ...more,
  }
}

/** An answer of the page. */
export interface Answered {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly text: string
}

/** Asks for a page as a browser does, or with other headers. */
export async function ask(
  view: PendingView,
  url = '/pending',
  headers: Record<string, string> = {},
): Promise<Answered> {
  const server = fastify()
  server.register((scope, _options, done) => {
    pendingRoutes(view)(scope)
    done()
  })
  const { statusCode, headers: sent, body } = await server.inject({ url, headers: { accept: 'text/html', ...headers } })
  await server.close()
  return { status: statusCode, headers: sent, text: body }
}

/** A pod in JSON, as far as tests look at it. */
export interface PodFields {
  readonly namespace: string
  readonly pod: string
  readonly cause: string
  readonly [field: string]: unknown
}

/** A group in JSON. */
export interface GroupFields {
  readonly cause: string
  readonly count: number
  readonly leftOff: number
  readonly pods: readonly PodFields[]
}

/** The list in JSON. */
export interface Listed {
  readonly answer: string
  readonly groups: readonly GroupFields[]
  readonly held: GroupFields | null
  readonly [field: string]: unknown
}

/** Asks for JSON. */
export async function askJson(view: PendingView, url = '/pending'): Promise<Listed> {
  const { text } = await ask(view, url, { accept: 'application/json' })
  return JSON.parse(text) as Listed
}

/** The names of the pods of each group, after its cause. */
export function podNames({ groups, held }: Listed): readonly (readonly string[])[] {
  const shown = groups.map(({ cause, pods }) => [cause, ...pods.map((one) => one.pod)])
  return held === null ? shown : [...shown, ['held', ...held.pods.map((one) => one.pod)]]
}
