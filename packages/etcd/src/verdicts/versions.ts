// SPDX-License-Identifier: Apache-2.0
import type { ClusterView } from '../view.ts'
import { freshMembers } from './fresh.ts'

/** Distinct server versions among the members that answer; undefined when none does. */
export function versionCount(view: ClusterView): number | undefined {
  return distinct(freshMembers(view).map(({ reply }) => reply.version))
}

/** Distinct storage versions among the members that tell theirs; undefined when none does, as before 3.6. */
export function storageVersionCount(view: ClusterView): number | undefined {
  return distinct(freshMembers(view).flatMap(({ reply }) => reply.storageVersion ?? []))
}

function distinct(values: readonly string[]): number | undefined {
  return values.length === 0 ? undefined : new Set(values).size
}
