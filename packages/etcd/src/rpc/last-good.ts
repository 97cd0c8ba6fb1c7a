// SPDX-License-Identifier: Apache-2.0
import { fileStamp, messageOf } from '@leadline/kit'

/** A value that is made from files. */
export interface LastGood<T> {
  /** Looks whether the files have changed. `value` is the newest that could be made, `problem` why not one of now. */
  look(): { readonly value: T | undefined; readonly problem: string | undefined }
  /** The value. Throws an Error with the problem while there has never been one. */
  get(): T
}

/**
 * Makes a value from files, and again whenever one of them has changed. While that fails the last good value stays, so
 * that a file that is caught half-written, or a certificate whose key comes a moment later, breaks nothing. `onProblem`
 * hears of each new problem once.
 */
export function lastGood<T>(
  paths: readonly string[],
  make: () => T,
  onProblem: (problem: string) => void,
): LastGood<T> {
  let stamp: string | undefined
  let state: { readonly value: T | undefined; readonly problem: string | undefined } = {
    value: undefined,
    problem: undefined,
  }
  const look = (): typeof state => {
    const now = paths.map(fileStamp).join('|')
    if (now === stamp) return state
    stamp = now
    const before = state.problem
    try {
      state = { value: make(), problem: undefined }
    } catch (error) {
      state = { value: state.value, problem: messageOf(error) }
    }
    if (state.problem !== undefined && state.problem !== before) onProblem(state.problem)
    return state
  }
  return {
    look,
    get() {
      const { value, problem } = look()
      if (value === undefined) throw new Error(problem)
      return value
    },
  }
}
