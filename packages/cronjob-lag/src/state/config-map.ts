// SPDX-License-Identifier: Apache-2.0
import { ApiError, type Cluster } from '@leadline/kube'

/** A ConfigMap, as far as it is read; the rest of its metadata is written back as it came. */
export interface ConfigMap {
  readonly metadata: { readonly resourceVersion?: string; readonly labels?: Readonly<Record<string, string>> }
  readonly data?: Readonly<Record<string, string>>
  /** In base64. */
  readonly binaryData?: Readonly<Record<string, string>>
}

/** Where a ConfigMap lies. */
export interface ConfigMapPlace {
  readonly namespace: string
  readonly name: string
}

/** What the API server takes of values, decoded. */
export const mostConfigMapBytes = 1_048_576

/** Reads a ConfigMap; undefined when there is none. Rejects with ApiError. */
export async function readConfigMap(
  cluster: Pick<Cluster, 'get'>,
  place: ConfigMapPlace,
): Promise<ConfigMap | undefined> {
  try {
    return (await cluster.get(`${collectionOf(place)}/${encodeURIComponent(place.name)}`)) as ConfigMap
  } catch (error) {
    if (error instanceof ApiError && error.failure === 'not_found') return undefined
    throw error
  }
}

/**
 * Writes a ConfigMap upon its resource version, or makes it where it has none. Rejects with ApiError: `conflict` when
 * another wrote meanwhile, `not_found` when it, or for a new one its namespace, is gone.
 */
export async function writeConfigMap(
  cluster: Pick<Cluster, 'write'>,
  place: ConfigMapPlace,
  configMap: ConfigMap,
): Promise<ConfigMap> {
  const isNew = configMap.metadata.resourceVersion === undefined
  const path = isNew ? collectionOf(place) : `${collectionOf(place)}/${encodeURIComponent(place.name)}`
  const { namespace, name } = place
  const metadata = { ...configMap.metadata, namespace, name }
  const body = { apiVersion: 'v1', kind: 'ConfigMap', ...configMap, metadata }
  return (await cluster.write(isNew ? 'POST' : 'PUT', path, body)) as ConfigMap
}

/** Bytes of all values, as the API server counts them. */
export function sizeOf({ data = {}, binaryData = {} }: ConfigMap): number {
  const texts = Object.values(data).map((text) => Buffer.byteLength(text))
  const bytes = Object.values(binaryData).map((text) => Buffer.byteLength(text, 'base64'))
  return [...texts, ...bytes].reduce((sum, size) => sum + size, 0)
}

function collectionOf({ namespace }: ConfigMapPlace): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/configmaps`
}
