// SPDX-License-Identifier: Apache-2.0
import type { WatchFailure } from './watch-failure.ts'

/** How a watch fares, and how true what it holds is. */
export interface WatchState {
  /** Plural name of the kind: `cronjobs`. */
  readonly kind: string
  /** Whether a whole set has ever been there. */
  readonly isSynced: boolean
  /** Whether what is held may not be what the cluster has: not synced, nothing heard for long, or not connected. */
  readonly isStale: boolean
  /**
   * Unix seconds, by our clock, up to which all changes have come: of the last change, bookmark or beginning of a whole
   * set. An open watch on which nothing comes may hide changes after it. Undefined before the first whole set.
   */
  readonly seenUntil: number | undefined
  /** Unix seconds of the last change of an object that the watch told; undefined before it. */
  readonly lastEventAt: number | undefined
  /** Unix seconds of the last bookmark; undefined before it. */
  readonly lastBookmarkAt: number | undefined
  /** How long the last whole set took to come; undefined before it. */
  readonly lastListSeconds: number | undefined
  /** Whole sets that had to be read after the first one. */
  readonly relists: number
  /** Watches that were opened after the first one. */
  readonly reconnects: number
  readonly failures: Readonly<Record<WatchFailure, number>>
  /** Objects held. */
  readonly objects: number
  /** Objects that the cluster has and that could not be read. */
  readonly unreadableObjects: number
  /** Why there is no watch now, in one line; undefined when all is well. */
  readonly problem: string | undefined
}
