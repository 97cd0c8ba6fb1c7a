// SPDX-License-Identifier: Apache-2.0
import type { Search } from './listing.ts'

/** Where the pods that match are listed, relative to the route prefix. */
export function pendingPath(search: Partial<Search>): string {
  const given = new URLSearchParams()
  for (const [name, value] of Object.entries(search)) if (value !== undefined) given.set(name, value)
  return `pending?${given.toString()}`
}
