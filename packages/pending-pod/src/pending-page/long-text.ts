// SPDX-License-Identifier: Apache-2.0
import { type Html, html } from '@leadline/kit'

/** Most characters of a text that are shown at once. */
const mostCharacters = 200

/** A text of any length: one that is long is cut, and is whole once it is opened. */
export function longText(text: string): Html {
  if (text.length <= mostCharacters) return html`<div>${text}</div>`
  // A cut may part the two halves of a character.
  const start = text.slice(0, mostCharacters).replace(/[\uD800-\uDBFF]$/, '')
  return html`<details><summary>${start}…</summary>${text}</details>`
}
