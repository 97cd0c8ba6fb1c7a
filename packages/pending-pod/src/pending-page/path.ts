// SPDX-License-Identifier: Apache-2.0

/** Where the pods that match are listed, relative to the route prefix. */
export function pendingPath(search: Readonly<Record<string, string>>): string {
  return `pending?${new URLSearchParams(search).toString()}`
}
