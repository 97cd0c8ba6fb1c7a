// SPDX-License-Identifier: Apache-2.0

/** The times that a watch goes by, in seconds. */
export interface WatchTimes {
  /** For the server to begin an answer, and for each page of a list. */
  readonly answerSeconds: number
  /** An open watch on which nothing came for so long is given up; more than twice `watchSeconds`. */
  readonly silentSeconds: number
  /** What is held is stale when nothing came for so long. */
  readonly staleSeconds: number
  /** What is held is stale when there was no watch for so long. */
  readonly disconnectedSeconds: number
  /**
   * The server ends a watch after between once and twice this, by which it shows that there was nothing to tell; changes
   * of RBAC and of API servers show then, too.
   */
  readonly watchSeconds: number
  /** First and longest wait before the next attempt. */
  readonly firstWaitSeconds: number
  readonly longestWaitSeconds: number
  /** A watch that lived for so long was a good one: the next waits begin short again. */
  readonly steadySeconds: number
}

/** Times that are polite to an API server, and well within what an alert waits for. */
export const usualWatchTimes: WatchTimes = {
  answerSeconds: 30,
  silentSeconds: 120,
  staleSeconds: 180,
  disconnectedSeconds: 45,
  watchSeconds: 30,
  firstWaitSeconds: 0.2,
  longestWaitSeconds: 30,
  steadySeconds: 5,
}
