// SPDX-License-Identifier: Apache-2.0

/** The text as one word of a POSIX shell, quoted where it has to be. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9][\w./=-]*$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}
