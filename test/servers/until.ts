// SPDX-License-Identifier: Apache-2.0
import { setTimeout } from 'node:timers/promises'

const usualPauseSeconds = 0.02

/** Asks again and again until there is an answer, and gives it. Throws with what was waited for when it is too long. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined>,
  boundSeconds = 20,
  pauseSeconds = usualPauseSeconds,
): Promise<T> {
  const deadline = performance.now() + boundSeconds * 1000
  for (;;) {
    const answer = await ask()
    if (answer !== undefined) return answer
    if (performance.now() > deadline) throw new Error(`waited ${boundSeconds} s in vain for ${what}`)
    await setTimeout(pauseSeconds * 1000)
  }
}
