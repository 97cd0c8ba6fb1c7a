// SPDX-License-Identifier: Apache-2.0
// Every number that a verdict turns on, in seconds where nothing else is said.

/** A Status older than this is no longer what a member believes now once another has failed: two of a second were missed. */
export const freshSeconds = 2.5

/**
 * A quorum is held for lost when nothing that needs one has succeeded for so long. An election with default timings
 * leaves a gap of 1.3 to 1.6 s, and a loss must show within 5 s.
 */
export const quorumPatienceSeconds = 2.5

/** A call under way for longer counts as failing: the slowest fsync that a cluster has been seen to live with is 1.3 s. */
export const stuckSeconds = 2

/** How far back medians look: a single slow call moves none, and a fault of 15 s age fills more than half. */
export const medianWindowSeconds = 10

/** Puts from which a disk is judged by them: of fewer a single slow one would decide, as after a start or an election. */
export const fewestPuts = 3

/** How far back the slowest call is looked for: a stall is one event, and a warning is due within 30 s. */
export const maximumWindowSeconds = 15

/** A read of the member's own backend is slow from here; etcd itself logs one as slow from 100 ms. */
export const slowHostSeconds = 0.1

/** A commit is slow from here: twice the 25 ms that etcd's guide allows, and less than a disk of +60 ms shows. */
export const slowCommitSeconds = 0.05

/** An fsync is slow from here on the mean: what etcd's guide allows the 99th percentile. */
export const slowFsyncSeconds = 0.01

/** Changes of the leader that make flapping, and the time within which they count. One planned move is never flapping. */
export const flapping = { changes: 3, withinSeconds: 300 } as const

/** A gap between two looks at a cluster that is too long to be put down to it; the exporter itself was held up. */
export const blindGapSeconds = 5

/** The largest request that etcd takes by default, in bytes; NOSPACE is raised when the next request would not fit. */
export const largestRequestBytes = 1.5 * 1024 * 1024

/** Part of a small quota that is kept back in place of the largest request, which would be a tenth of 16 MiB. */
export const quotaReserveRatio = 0.01

/**
 * How many times its own length a history of growth is carried forward: a minute of writes says nothing of a day, and
 * little of half an hour in which a compaction may come.
 */
export const forecastReach = 10
