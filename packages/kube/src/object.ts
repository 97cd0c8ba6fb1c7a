// SPDX-License-Identifier: Apache-2.0

/** What all objects of the API have (ObjectMeta), as far as exporters read it; `managedFields` are dropped. */
export interface ObjectMeta {
  readonly name: string
  /** Absent for kinds outside namespaces. */
  readonly namespace?: string
  readonly uid: string
  readonly resourceVersion: string
  readonly generation?: number
  /** RFC 3339, by the API server's clock. */
  readonly creationTimestamp?: string
  readonly deletionTimestamp?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
  readonly ownerReferences?: readonly OwnerReference[]
}

/** Who an object belongs to. */
export interface OwnerReference {
  readonly apiVersion: string
  readonly kind: string
  readonly name: string
  readonly uid: string
  readonly controller?: boolean
}

/** An object as it came; what stands beside its metadata is for the reader of its kind to check. */
export interface ApiObject {
  readonly metadata: ObjectMeta
  readonly [field: string]: unknown
}

/** An object of the API out of JSON, without its managed fields. Throws when it has no UID, name or resource version. */
export function apiObject(json: unknown): ApiObject {
  const metadata = (json as { metadata?: Record<string, unknown> } | null)?.metadata
  const isWhole = ['uid', 'name', 'resourceVersion'].every((key) => typeof metadata?.[key] === 'string')
  if (!isWhole) throw new Error('not an object with uid, name and resourceVersion')
  delete metadata?.['managedFields']
  return json as ApiObject
}
