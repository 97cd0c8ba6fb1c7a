// SPDX-License-Identifier: Apache-2.0
import type { Clock } from '@leadline/kit'
import type { Endpoint } from '../endpoint.ts'
import type { Credentials } from './credentials.ts'
import { type Call, CallFailed, type Line, openLine } from './line.ts'

/**
 * Least age of a silent line before it is replaced, in seconds: time enough for a handshake, and short enough that a
 * path that is open again is found within three seconds.
 */
const silentSeconds = 1.5

/** Calls to one endpoint over a line that is replaced when it has gone silent. */
export interface Channel {
  /** As Line.call. */
  call<Q, R>(call: Call<Q, R>): Promise<R>
  close(): void
}

interface Used {
  readonly line: Line
  readonly openedAt: number
  /** When something was last heard over it; -Infinity before. */
  heardAt: number
  underWay: number
}

/**
 * Opens a channel to an endpoint. TCP sends what was lost again at ever longer intervals, so that a connection whose
 * path was broken for a minute comes back a minute after the path; and a connection that is being set up to nowhere
 * isn't given up for two minutes. So a line on which nothing was heard during a whole call is replaced by a new one;
 * what is still under way on it may end there.
 */
export function openChannel(endpoint: Endpoint, credentials: Credentials, clock: Clock): Channel {
  const open = (): Used => ({
    line: openLine(endpoint, credentials, clock),
    openedAt: clock.now(),
    heardAt: Number.NEGATIVE_INFINITY,
    underWay: 0,
  })
  const lines = new Set<Used>()
  let current = open()
  let isClosed = false
  const dropSilent = (used: Used, begunAt: number): void => {
    if (used !== current || used.heardAt >= begunAt || clock.now() - used.openedAt < silentSeconds) return
    current = open()
  }
  const leave = (used: Used): void => {
    used.underWay--
    if (used.underWay > 0) return
    lines.delete(used)
    if (used !== current) used.line.end()
  }
  return {
    async call(call) {
      if (isClosed) throw new CallFailed('UNAVAILABLE', 'the channel was closed')
      const begunAt = clock.now()
      const used = current
      used.underWay++
      lines.add(used)
      try {
        const reply = await used.line.call(call)
        used.heardAt = clock.now()
        return reply
      } catch (error) {
        if (error instanceof CallFailed && error.code === 'DEADLINE_EXCEEDED') dropSilent(used, begunAt)
        else used.heardAt = clock.now()
        throw error
      } finally {
        leave(used)
      }
    },
    close() {
      isClosed = true
      for (const used of lines) used.line.end()
      current.line.end()
    },
  }
}
