// SPDX-License-Identifier: Apache-2.0
import { numberOf, ObjectError, type Raw, rawOf, textOf, timeOf } from './read.ts'

/** What every object in a namespace has. */
export interface Identity {
  readonly uid: string
  readonly namespace: string
  readonly name: string
  /** `metadata.creationTimestamp`, the API server's clock, in unix seconds. */
  readonly createdAt: number
}

/** The identity of an object. Throws ObjectError when a part of it is missing. */
export function readIdentity(kind: string, raw: unknown): Identity {
  const metadata = rawOf(rawOf(raw)['metadata'])
  const namespace = textOf(metadata['namespace'])
  const name = textOf(metadata['name'])
  const uid = textOf(metadata['uid'])
  const createdAt = timeOf(metadata['creationTimestamp'])
  const missing =
    (namespace === undefined && 'namespace') ||
    (name === undefined && 'name') ||
    (uid === undefined && 'uid') ||
    (createdAt === undefined && 'creationTimestamp')
  if (namespace === undefined || name === undefined || uid === undefined || createdAt === undefined) {
    throw new ObjectError(`${kind} ${namespace ?? '?'}/${name ?? '?'}: metadata.${missing} is missing or not valid`)
  }
  return { uid, namespace, name, createdAt }
}

/** When the deletion of an object was asked for, in unix seconds: its deletionTimestamp is later by the grace period. */
export function deletionRequestedAt(metadata: Raw): number | undefined {
  const deletedAt = timeOf(metadata['deletionTimestamp'])
  return deletedAt && deletedAt - (numberOf(metadata['deletionGracePeriodSeconds']) ?? 0)
}
