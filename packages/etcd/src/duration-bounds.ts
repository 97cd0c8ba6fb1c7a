// SPDX-License-Identifier: Apache-2.0

/**
 * Upper bounds in seconds. Between 4 and 32 ms they are close, so that a write on either side of etcd's guidelines (10 ms
 * for a WAL fsync, 25 ms for a commit) is told apart; etcd's own jump from 8 to 16 and to 32 ms.
 */
export const durationBounds = [
  0.0005, 0.001, 0.002, 0.004, 0.006, 0.008, 0.01, 0.0125, 0.016, 0.02, 0.025, 0.032, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5,
  0.75, 1, 1.5, 2.5, 5, 10,
] as const
