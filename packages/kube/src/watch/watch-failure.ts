// SPDX-License-Identifier: Apache-2.0
import { messageOf } from '@leadline/kit'
import { ApiError, codeOf, failureOfThrown, type RequestFailure, requestFailures } from '../client/failure.ts'
import { MalformedLine } from './watch-event.ts'

/** What can go wrong with a watch: a request, a stream that fell silent or can't be read, an object that can't. */
export const watchFailures = [...requestFailures, 'silent', 'malformed', 'unreadable_object'] as const
export type WatchFailure = RequestFailure | 'silent' | 'malformed' | 'unreadable_object'

/** A server that was asked for a whole set as the beginning of a watch, and gave a plain watch. */
export class WatchListUnknown extends Error {
  constructor() {
    super('the server does not know sendInitialEvents')
    this.name = 'WatchListUnknown'
  }
}

/** The class of what ended a watch. */
export function failureOf(error: unknown): WatchFailure {
  if (error instanceof ApiError) return error.failure
  if (error instanceof MalformedLine) return 'malformed'
  return isSilence(error) ? 'silent' : failureOfThrown(error)
}

/** What ended a watch of this path, in one line that says where: errors of answers do, those of a stream under way do not. */
export function lineOf(path: string, error: unknown, silentSeconds: number): string {
  const text = isSilence(error) ? `nothing came for ${silentSeconds} s` : messageOf(error)
  return text.includes(path) ? text : `watch of ${path}: ${text}`
}

/** Whether a failed watch-list is to be followed by a paged list: refused (400, 422), not understood, never ended. */
export function refusesWatchList(error: unknown): boolean {
  if (error instanceof ApiError) return error.status === 400 || error.status === 422
  return error instanceof WatchListUnknown || isSilence(error)
}

/** Whether the changes since the last event can't be had any more, so that the whole set must be got. */
export function missesChanges(error: unknown): boolean {
  if (!(error instanceof ApiError)) return error instanceof MalformedLine
  if (['gone', 'not_found', 'other'].includes(error.failure)) return true
  // A server that was restored from a backup has not come to the version that was known.
  return /too large resource version/i.test(error.message)
}

/** undici's bodyTimeout. */
function isSilence(error: unknown): boolean {
  return codeOf(error) === 'UND_ERR_BODY_TIMEOUT'
}
