// SPDX-License-Identifier: Apache-2.0
import { setTimeout } from 'node:timers/promises'
import { startStopwatch } from './stopwatch.ts'

const usualPauseSeconds = 0.02

/**
 * Asks again and again until there is an answer, and gives it. Throws with what was waited for when it takes longer than
 * the bound, which grows on a busy machine.
 */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined>,
  boundSeconds = 20,
  pauseSeconds = usualPauseSeconds,
): Promise<T> {
  const stopwatch = startStopwatch()
  for (;;) {
    const answer = await ask()
    if (answer !== undefined) return answer
    if (stopwatch.left(boundSeconds) < 0) {
      throw new Error(`waited ${stopwatch.seconds.toFixed(1)} s in vain for ${what}, which may take ${boundSeconds} s`)
    }
    await setTimeout(pauseSeconds * 1000)
  }
}

/** Looks every 5 ms until something is so. Throws as `until` does. */
export async function untilSo(what: string, isSo: () => boolean, boundSeconds = 10): Promise<void> {
  await until(what, async () => isSo() || undefined, boundSeconds, 0.005)
}
