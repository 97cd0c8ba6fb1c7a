// SPDX-License-Identifier: Apache-2.0
import { CheckFailed } from '@leadline/kit'

/** Message and fields of the CheckFailed that a promise rejects with, as one text. Throws when it does anything else. */
export async function failureOf(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof CheckFailed)) throw new Error('no CheckFailed', { cause: error })
  return `${error.message} ${JSON.stringify(error.fields)}`
}
