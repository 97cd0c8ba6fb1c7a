// SPDX-License-Identifier: Apache-2.0
import { setTimeout } from 'node:timers/promises'

const pollMilliseconds = 50
const boundMilliseconds = 30_000

/** Asks again and again until an answer is accepted, and gives it. Throws with the last answer after 30 s. */
export async function until<T>(ask: () => Promise<T>, isAccepted: (answer: T) => boolean): Promise<T> {
  const giveUpAt = performance.now() + boundMilliseconds
  for (;;) {
    const answer = await ask()
    if (isAccepted(answer)) return answer
    if (performance.now() > giveUpAt) throw new Error(`not within 30 s; the last answer was ${JSON.stringify(answer)}`)
    // Prometheus tells nobody when it has scraped, so this is the one place that waits by the clock.
    await setTimeout(pollMilliseconds)
  }
}
