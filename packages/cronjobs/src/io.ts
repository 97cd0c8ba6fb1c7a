// SPDX-License-Identifier: Apache-2.0
import type { Clock } from '@leadline/kit'

/** What a command is given. */
export interface CommandIo {
  readonly stdin: () => AsyncIterable<Uint8Array>
  readonly stdout: { write(text: string): unknown }
  readonly stderr: { write(text: string): unknown }
  readonly clock: Pick<Clock, 'unix'>
}

/** How a command ends. */
export const exitCodes = {
  fine: 0,
  /** The files were read, and something in them is to be mended. */
  findings: 1,
  /** The command line is wrong, or a file can't be read. */
  unusable: 2,
} as const

/** A file that can't be read, or none that was to be there; the message is one line. */
export class InputError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'InputError'
  }
}
