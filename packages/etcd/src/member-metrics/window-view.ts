// SPDX-License-Identifier: Apache-2.0
import { recentDurations } from './recent-durations.ts'
import type { MemberMetricsView, RecentDurations } from './view.ts'
import type { Reading, Window, WindowHistogram } from './window.ts'

/** The part of the view that is taken over the window. */
export type WindowView = Pick<MemberMetricsView, WindowHistogram | 'walFsyncStillSeconds'>

/** What happened between the first and the last reading of a window. */
export function windowView(window: Window): WindowView {
  const [first, last] = [window.at(0), window.at(-1)]
  const hasSpan = first !== undefined && last !== undefined && last.at > first.at
  return {
    walFsync: hasSpan ? recent('walFsync', first, last) : undefined,
    walFsyncStillSeconds: hasSpan ? walFsyncStill(window, last) : undefined,
    backendCommit: hasSpan ? recent('backendCommit', first, last) : undefined,
  }
}

function recent(name: WindowHistogram, first: Reading, last: Reading): RecentDurations | undefined {
  const [before, after] = [first.histograms[name], last.histograms[name]]
  return before && after && recentDurations(before, after, last.at - first.at)
}

/** Since the first reading that counts as many fsyncs as the last one. */
function walFsyncStill(window: Window, last: Reading): number | undefined {
  const count = last.histograms.walFsync?.count
  const first = window.find(({ histograms }) => histograms.walFsync?.count === count)
  return count === undefined || first === undefined ? undefined : last.at - first.at
}
