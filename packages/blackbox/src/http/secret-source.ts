// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises'
import { CheckFailed, messageOf } from '@leadline/kit'

/** Where a secret comes from; at most one of them is set. */
export interface SecretSource {
  readonly inline: string
  readonly file: string
  readonly ref: string
}

/**
 * The secret of a source, empty when none is set. A file is read each time, so that rotation needs no reload.
 * Throws CheckFailed when a file can't be read, and for a `ref`, since there is no secret manager; `what` names the secret.
 */
export async function readSecret(what: string, { inline, file, ref }: SecretSource): Promise<string> {
  if (inline !== '' || (file === '' && ref === '')) return inline
  if (file === '')
    throw new CheckFailed('A secret can not be had', { secret: what, err: 'cannot use secret ref without manager' })
  return readSecretFile(what, file)
}

/** What a file holds, without the space around it. Throws CheckFailed when it can't be read. */
export async function readSecretFile(what: string, file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim()
  } catch (error) {
    throw new CheckFailed('A secret can not be had', { secret: what, file, err: messageOf(error) })
  }
}
