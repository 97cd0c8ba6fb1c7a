// SPDX-License-Identifier: Apache-2.0
import type { Cluster, RequestOptions } from '../client/cluster.ts'
import { ApiError } from '../client/failure.ts'
import type { LeaseObject, LeaseSpec } from './lease-record.ts'

/** Where a Lease lies. */
export interface LeasePlace {
  readonly cluster: Pick<Cluster, 'get' | 'write'>
  readonly namespace: string
  readonly name: string
}

/** Reads a Lease; undefined when there is none. Rejects with ApiError. */
export async function readLease(place: LeasePlace, options: RequestOptions): Promise<LeaseObject | undefined> {
  try {
    return (await place.cluster.get(`${collectionOf(place)}/${place.name}`, options)) as LeaseObject
  } catch (error) {
    if (error instanceof ApiError && error.failure === 'not_found') return undefined
    throw error
  }
}

/**
 * Writes a Lease upon the version that was read, or makes it where there was none. Rejects with ApiError: `conflict` when
 * another wrote meanwhile, `not_found` when it is gone.
 */
export async function writeLease(
  place: LeasePlace,
  spec: LeaseSpec,
  resourceVersion: string | undefined,
  options: RequestOptions,
): Promise<LeaseObject> {
  const { cluster, namespace, name } = place
  const isNew = resourceVersion === undefined
  const path = isNew ? collectionOf(place) : `${collectionOf(place)}/${name}`
  const body: LeaseObject = {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name, namespace, ...(!isNew && { resourceVersion }) },
    spec,
  }
  return (await cluster.write(isNew ? 'POST' : 'PUT', path, body, options)) as LeaseObject
}

function collectionOf({ namespace }: LeasePlace): string {
  return `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`
}
