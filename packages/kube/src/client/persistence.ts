// SPDX-License-Identifier: Apache-2.0
import type { Clock } from '@leadline/kit'
import { Backoff } from '../backoff.ts'
import { pause } from '../waiting.ts'
import { ApiError } from './failure.ts'

/** How long and by what rules to go on trying. */
export interface PersistenceOptions {
  /** Whether the request changes nothing, so that it may be sent again without knowing what became of it. */
  readonly isRead: boolean
  /** Deadline of all attempts and waits together. */
  readonly timeoutSeconds: number
  readonly clock: Clock
  readonly random: () => number
  readonly signal: AbortSignal | undefined
}

/** Attempts of a read at a server that is not there or in trouble; one that asks to wait is obeyed until the deadline. */
const mostAttempts = 4

/** Seconds to wait after a 429 that does not say. */
const usualThrottleSeconds = 1

/**
 * Attempts until one succeeds. Rejects with the last error when it is of no use to go on or the deadline would pass
 * first; an attempt is told how many seconds are left.
 */
export async function persistently<T>(
  attempt: (leftSeconds: number) => Promise<T>,
  { isRead, timeoutSeconds, clock, random, signal }: PersistenceOptions,
): Promise<T> {
  const deadline = clock.now() + timeoutSeconds
  const backoff = new Backoff({ firstSeconds: 0.2, longestSeconds: 5, random })
  let told: unknown
  for (let failed = 1; ; failed++) {
    try {
      return await attempt(deadline - clock.now())
    } catch (error) {
      // A later attempt had only the rest of the time: what the one before it met says more.
      if (told !== undefined && error instanceof ApiError && error.failure === 'deadline') throw told
      told = error
      const wait = waitAfter(error, isRead && failed < mostAttempts, backoff, random)
      if (wait === undefined || clock.now() + wait >= deadline) throw error
      await pause(wait, signal)
    }
  }
}

function waitAfter(error: unknown, mayRepeat: boolean, backoff: Backoff, random: () => number): number | undefined {
  if (!(error instanceof ApiError)) return undefined
  const { failure, retryAfterSeconds } = error
  if (failure === 'throttled') {
    // Not all at the same moment, and never before it.
    return (retryAfterSeconds ?? usualThrottleSeconds) + random() * 0.5
  }
  if (!mayRepeat || (failure !== 'server_error' && failure !== 'unreachable')) return undefined
  return Math.max(backoff.next(), retryAfterSeconds ?? 0)
}
