// SPDX-License-Identifier: Apache-2.0
import { statSync } from 'node:fs'

/**
 * What tells one state of a file from another: size, times and inode. Never throws: that a file is absent or can't be
 * looked at is a state, too. One call costs a few microseconds, so it may be made for each request.
 */
export function fileStamp(path: string): string {
  try {
    const { ino, size, mtimeMs, ctimeMs } = statSync(path)
    return `${ino}:${size}:${mtimeMs}:${ctimeMs}`
  } catch (error) {
    return (error as Error).message
  }
}

/** A value that is made from files, and made again when one of them has changed. Errors are kept like values. */
export class FromFiles<T> {
  readonly #paths: readonly string[]
  readonly #make: () => T
  #stamp: string | undefined
  #made: { readonly value: T } | { readonly error: Error } | undefined

  constructor(paths: readonly string[], make: () => T) {
    this.#paths = paths
    this.#make = make
  }

  /** The value of now. Throws what `make` threw; `onChange` hears of each new value or error once. */
  get(onChange?: (error: Error | undefined) => void): T {
    const stamp = this.#paths.map(fileStamp).join('|')
    if (this.#made === undefined || stamp !== this.#stamp) {
      this.#stamp = stamp
      this.#made = attempt(this.#make)
      onChange?.('error' in this.#made ? this.#made.error : undefined)
    }
    if ('error' in this.#made) throw this.#made.error
    return this.#made.value
  }
}

function attempt<T>(make: () => T): { readonly value: T } | { readonly error: Error } {
  try {
    return { value: make() }
  } catch (error) {
    return { error: error instanceof Error ? error : new Error(String(error)) }
  }
}
