// SPDX-License-Identifier: Apache-2.0
import { setTimeout } from 'node:timers/promises'
import { startStopwatch } from '../servers/stopwatch.ts'

const pollMilliseconds = 50
const boundSeconds = 30

/** Asks again and again until an answer is accepted, and gives it. Throws with the last answer after 30 s. */
export async function until<T>(ask: () => Promise<T>, isAccepted: (answer: T) => boolean): Promise<T> {
  const stopwatch = startStopwatch()
  for (;;) {
    const answer = await ask()
    if (isAccepted(answer)) return answer
    if (stopwatch.left(boundSeconds) < 0) {
      throw new Error(`not within ${stopwatch.seconds.toFixed(0)} s; the last answer was ${JSON.stringify(answer)}`)
    }
    // Prometheus tells nobody when it has scraped, so this is the one place that waits by the clock.
    await setTimeout(pollMilliseconds)
  }
}
