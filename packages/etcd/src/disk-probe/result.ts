// SPDX-License-Identifier: Apache-2.0
import { constants } from 'node:os'

const { errno } = constants

/** How a write of the probe can fail. `lost`: its process ended before the write did, or could not be started. */
export const writeFailures = ['no_space', 'read_only', 'denied', 'missing', 'io_error', 'lost', 'other'] as const
export type WriteFailure = (typeof writeFailures)[number]

/** How a write of the probe ended; a bound for labels. */
export const writeResults = ['success', ...writeFailures] as const
export type WriteResult = (typeof writeResults)[number]

// By number, since libuv has no name for EDQUOT.
const failureOfErrno: ReadonlyMap<number, WriteFailure> = new Map([
  [errno.ENOSPC, 'no_space'],
  [errno.EDQUOT, 'no_space'],
  [errno.EROFS, 'read_only'],
  [errno.EACCES, 'denied'],
  [errno.EPERM, 'denied'],
  [errno.ENOENT, 'missing'],
  [errno.ENOTDIR, 'missing'],
  [errno.EIO, 'io_error'],
])

/** The class of an error of a file system call. */
export function failureOf(error: unknown): WriteFailure {
  const number = error instanceof Error && 'errno' in error ? -Number(error.errno) : 0
  return failureOfErrno.get(number) ?? 'other'
}

/** Where the probe's file is. */
export interface Place {
  /** `major:minor` of the file's device; major 0 where there is no block device behind it. */
  readonly device: string
  /** Whether the file system keeps its files in memory, so that a sync says nothing of a disk. */
  readonly isInMemory: boolean
}

/** What the writing process answers to each request for a write. `seconds` are those of the write and its fdatasync. */
export type Reply =
  | { readonly result: 'success'; readonly seconds: number; readonly place: Place }
  | { readonly result: WriteFailure; readonly err: string }
