// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf } from '@leadline/kit'
import { endpointsOf } from '../endpoint.ts'
import { HttpReader, PageError } from '../http-reader.ts'
import type { MembershipConfig } from './config.ts'
import { SeedError, type SeedSource } from './seeds.ts'

/** Where a pod finds the API server and its own credentials. */
export interface InCluster {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Folder of `token` and `ca.crt`. */
  readonly folder: string
}

const inCluster: InCluster = { env: process.env, folder: '/var/run/secrets/kubernetes.io/serviceaccount' }

const urlsAnnotation = 'kubeadm.kubernetes.io/etcd.advertise-client-urls'
/** Bytes of a pod list at most; a pod has some 10 kB. */
const largestList = 16 * 2 ** 20

interface Pod {
  readonly metadata?: {
    readonly name?: string
    readonly deletionTimestamp?: string
    readonly annotations?: Readonly<Record<string, string>>
  }
  readonly status?: { readonly podIP?: string }
}

/**
 * The endpoints of a Kubernetes cluster's etcd pods: the URL that kubeadm notes on each, or else port 2379 of its
 * address. Pods that are being deleted don't count.
 */
export function podEndpoints(
  { namespace, label_selector }: NonNullable<MembershipConfig['static_pods']>,
  hasTls: boolean,
  place: InCluster = inCluster,
): SeedSource {
  const query = new URLSearchParams({
    labelSelector: label_selector,
    // From the API server's memory: a list without it is a quorum read of the etcd that may be in trouble.
    resourceVersion: '0',
  })
  const path = `/api/v1/namespaces/${namespace}/pods?${query.toString()}`
  return async (timeoutSeconds) => {
    const pods = await get(path, place, timeoutSeconds)
    const endpoints = endpointsOf(addressesOf(pods), hasTls ? 'https' : 'http')
    if (endpoints.length > 0) return endpoints
    throw new SeedError('kubernetes', `no pod in ${namespace} with ${label_selector} has an address`)
  }
}

function addressesOf(pods: readonly Pod[]): readonly string[] {
  const present = pods.filter(({ metadata }) => metadata?.deletionTimestamp === undefined)
  return present.toSorted(byName).flatMap(({ metadata, status }) => {
    // Always with a scheme, so that the one for bare endpoints makes no difference.
    const [noted] = endpointsOf((metadata?.annotations?.[urlsAnnotation] ?? '').split(','), 'https')
    if (noted !== undefined) return [noted.url]
    const ip = status?.podIP
    return ip === undefined ? [] : [ip.includes(':') ? `[${ip}]:2379` : `${ip}:2379`]
  })
}

function byName(a: Pod, b: Pod): number {
  return (a.metadata?.name ?? '') < (b.metadata?.name ?? '') ? -1 : 1
}

async function get(path: string, { env, folder }: InCluster, timeoutSeconds: number): Promise<readonly Pod[]> {
  const host = env['KUBERNETES_SERVICE_HOST']
  const port = env['KUBERNETES_SERVICE_PORT'] ?? '443'
  if (host === undefined) {
    throw new SeedError('kubernetes', 'KUBERNETES_SERVICE_HOST is not set: static_pods works within a pod only')
  }
  const url = new URL(`https://${host.includes(':') ? `[${host}]` : host}:${port}${path}`)
  try {
    // Both rotate, so they are read each time.
    const [token, ca] = await Promise.all([readFile(join(folder, 'token'), 'utf8'), readFile(join(folder, 'ca.crt'))])
    const reader = new HttpReader({ tlsOptions: () => ({ ca }) }, timeoutSeconds)
    try {
      const headers = { authorization: `Bearer ${token.trim()}`, accept: 'application/json' }
      const { text } = await reader.read(url, largestList, headers)
      const { items } = JSON.parse(text) as { readonly items?: readonly Pod[] }
      return items ?? []
    } finally {
      reader.close()
    }
  } catch (error) {
    if (error instanceof PageError) {
      throw new SeedError('kubernetes', error.message + mendOf(error.status), { cause: error })
    }
    throw new SeedError('kubernetes', `GET ${url.href}: ${messageOf(error)}`, { cause: error })
  }
}

function mendOf(status: number | undefined): string {
  if (status === 401) return '; the service account token is not accepted'
  return status === 403 ? '; the service account needs a Role with the verb list on pods' : ''
}
