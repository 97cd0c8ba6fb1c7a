// SPDX-License-Identifier: Apache-2.0
import type { Cluster, RequestOptions } from './cluster.ts'
import { ApiError } from './failure.ts'

/** How to list. */
export interface ListOptions<T> extends RequestOptions {
  /** Cuts an object, as its page came, to what is kept of it. */
  readonly pick: (object: unknown) => T
  /** Told when the list begins, and each time that it begins anew. */
  readonly begin?: () => void
  /** Objects a page; 500 when absent. */
  readonly limit?: number
}

/** A list that came whole, as it was at one moment. */
export interface Listed<T> {
  readonly items: readonly T[]
  /** Where a watch goes on from. */
  readonly resourceVersion: string
}

interface Page {
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string }
  readonly items?: readonly unknown[] | null
}

const usualLimit = 500

/** Times that a list begins anew because the server forgot where it was (410, after 5 to 15 minutes). */
const mostBeginnings = 3

/** Lists page by page; the deadline is that of each page. */
export async function listPages<T>(get: Cluster['get'], path: string, options: ListOptions<T>): Promise<Listed<T>> {
  for (let beginnings = 1; ; beginnings++) {
    try {
      return await listOnce(get, path, options)
    } catch (error) {
      const isGone = error instanceof ApiError && error.failure === 'gone'
      if (!isGone || beginnings === mostBeginnings) throw error
    }
  }
}

async function listOnce<T>(get: Cluster['get'], path: string, options: ListOptions<T>): Promise<Listed<T>> {
  const { pick, begin, limit = usualLimit, query, ...rest } = options
  begin?.()
  const items: T[] = []
  let continueAt: string | undefined
  for (;;) {
    const page = (await get(path, { ...rest, query: { ...query, limit, continue: continueAt } })) as Page | null
    for (const item of page?.items ?? []) items.push(pick(item))
    const { resourceVersion, continue: next } = page?.metadata ?? {}
    if (resourceVersion === undefined) throw new ApiError('other', `GET ${path}: the answer is no list`)
    if (!next) return { items, resourceVersion }
    continueAt = next
  }
}
