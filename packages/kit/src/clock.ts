// SPDX-License-Identifier: Apache-2.0

/** The two clocks of a program; tests give their own. */
export interface Clock {
  /** Unix time in seconds, for timestamps. */
  readonly unix: () => number
  /** Monotonic seconds, for durations. */
  readonly now: () => number
}

/** The machine's clocks. */
export const systemClock: Clock = {
  unix: () => Date.now() / 1000,
  now: () => performance.now() / 1000,
}
