// SPDX-License-Identifier: Apache-2.0
import { type KindWatch, type WatchState, watchFailures } from '@leadline/kube'

type Watch = Pick<KindWatch<unknown>, 'state'>

/** Several watches of one kind as one: as true as the least true of them, and as busy as all together. */
export function allOf(watches: readonly Watch[]): Watch {
  return { state: () => watches.map((watch) => watch.state()).reduce(joined) }
}

function joined(a: WatchState, b: WatchState): WatchState {
  return {
    kind: a.kind,
    isSynced: a.isSynced && b.isSynced,
    isStale: a.isStale || b.isStale,
    seenUntil: both(a.seenUntil, b.seenUntil, Math.min),
    lastEventAt: either(a.lastEventAt, b.lastEventAt),
    lastBookmarkAt: either(a.lastBookmarkAt, b.lastBookmarkAt),
    lastListSeconds: either(a.lastListSeconds, b.lastListSeconds),
    relists: a.relists + b.relists,
    reconnects: a.reconnects + b.reconnects,
    failures: Object.fromEntries(
      watchFailures.map((each) => [each, a.failures[each] + b.failures[each]]),
    ) as WatchState['failures'],
    objects: a.objects + b.objects,
    unreadableObjects: a.unreadableObjects + b.unreadableObjects,
    problem: a.problem ?? b.problem,
  }
}

function both(a: number | undefined, b: number | undefined, choose: (a: number, b: number) => number) {
  return a === undefined || b === undefined ? undefined : choose(a, b)
}

function either(a: number | undefined, b: number | undefined): number | undefined {
  return both(a, b, Math.max) ?? a ?? b
}
