// SPDX-License-Identifier: Apache-2.0
import { setTimeout } from 'node:timers/promises'

/** Waits; rejects with the signal's reason when it aborts. */
export async function pause(seconds: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await setTimeout(seconds * 1000, undefined, signal && { signal })
  } catch (error) {
    throw signal?.aborted ? signal.reason : error
  }
}

/** What comes of the work; rejects with the signal's reason when it aborts first, and leaves the work to itself. */
export async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const leave = (): void => reject(signal.reason)
  if (signal.aborted) leave()
  signal.addEventListener('abort', leave, { once: true })
  try {
    // Both in one race, so that what becomes of the one that lost is heard too.
    return await Promise.race([promise, work])
  } finally {
    signal.removeEventListener('abort', leave)
  }
}
