// SPDX-License-Identifier: Apache-2.0
import type { Clock } from './clock.ts'

/** When to tick. */
export interface TickerOptions {
  readonly intervalSeconds: number
  /** Part of the interval, from 0 to 1, that the first tick waits. */
  readonly phase: number
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Told when each tick was due, as it runs. */
  readonly ran?: (dueAt: number) => void
}

/**
 * Calls `tick` on a fixed grid of times until the signal aborts, with the number of grid times that were missed since the
 * last call: a late tick never moves the later ones, and a process that was held up does not catch up in a burst.
 */
export function startTicker(
  { intervalSeconds, phase, clock, signal, ran }: TickerOptions,
  tick: (missed: number) => void,
) {
  let due = clock.now() + phase * intervalSeconds
  let timer: NodeJS.Timeout
  const arm = () => {
    timer = setTimeout(fire, Math.max(0, (due - clock.now()) * 1000)).unref()
  }
  const fire = () => {
    if (signal.aborted) return
    ran?.(due)
    const missed = Math.max(0, Math.floor((clock.now() - due) / intervalSeconds))
    due += (missed + 1) * intervalSeconds
    arm()
    tick(missed)
  }
  signal.addEventListener('abort', () => clearTimeout(timer), { once: true })
  arm()
}
