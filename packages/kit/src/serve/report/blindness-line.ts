// SPDX-License-Identifier: Apache-2.0
import { type Html, html } from '../html.ts'

/** A line for the head of a report on why what is shown may be old; nothing when it is not. */
export function blindnessLine(blindness: string | undefined): Html {
  return blindness === undefined ? html`` : html`<p class="warn">What is shown may be old: ${blindness}</p>`
}
