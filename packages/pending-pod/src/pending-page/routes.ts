// SPDX-License-Identifier: Apache-2.0
import { reportRoute } from '@leadline/kit'
import { pendingDocument } from './document.ts'
import { helpsOf } from './helps.ts'
import { listPods, type Search } from './listing.ts'
import { pendingPage } from './page.ts'
import type { PendingView } from './view.ts'

/** Adds /pending: who waits, how long and why, for all pods or those that match `?namespace=`, `?cause=` and `?workload=`. */
export function pendingRoutes(view: PendingView): ReturnType<typeof reportRoute> {
  return reportRoute('/pending', async (parameter) => {
    const search: Search = {
      namespace: parameter('namespace'),
      cause: parameter('cause'),
      workload: parameter('workload'),
    }
    const listing = listPods(view, search)
    const rows = [...listing.groups, ...(listing.held === undefined ? [] : [listing.held])].flatMap(
      (group) => group.rows,
    )
    const needsNodes = rows.some(({ pod, isHeld }) => pod.nodeName === undefined && !isHeld)
    const helps = await helpsOf(rows, needsNodes ? await view.nodes() : [])
    return {
      page: () => pendingPage(listing, search, helps, view),
      document: () => pendingDocument(listing, helps, view.blindness()),
    }
  })
}
