// SPDX-License-Identifier: Apache-2.0

/**
 * The soundings of a member, cheapest first. Each needs what the one before needs, and one thing more: the process; its
 * backend; the quorum; the fsync of the write-ahead log.
 */
export const ops = ['status', 'serializable_read', 'linearizable_read', 'put'] as const
export type Op = (typeof ops)[number]

/** How a call to a member can fail; a bound for labels. */
export const failures = ['unreachable', 'deadline', 'tls', 'auth', 'nospace', 'corrupt', 'no_leader', 'other'] as const
export type Failure = (typeof failures)[number]

/**
 * How a sounding ended. `lagged`: the exporter itself was held up meanwhile, so that the sounding says nothing about the
 * member and counts neither as a success nor as a failure.
 */
export const results = ['success', ...failures, 'lagged'] as const
export type Result = (typeof results)[number]
