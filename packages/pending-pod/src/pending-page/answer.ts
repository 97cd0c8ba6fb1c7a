// SPDX-License-Identifier: Apache-2.0
import { durationText } from '@leadline/kit'
import { causeTexts } from '../cause/cause.ts'
import type { Listing } from './listing.ts'
import type { Row } from './row.ts'

/** Who waits, how long and why, in one or two sentences. */
export function answerText(listing: Listing, blindness: string | undefined): string {
  const text = plainAnswer(listing)
  return blindness === undefined ? text : `As last known, ${text.charAt(0).toLowerCase()}${text.slice(1)}`
}

function plainAnswer({ waiting, held, total, isSearched }: Listing): string {
  if (total === 0) return 'Nothing waits.'
  const heldPods = held?.pods ?? 0
  const what = isSearched ? 'matching pod' : 'pod'
  if (waiting.length > 0) {
    return `${waiting.length} ${what}${waiting.length === 1 ? ' waits' : 's wait'}${whoText(waiting)}.${moreText(heldPods)}`
  }
  if (heldPods > 0)
    return `No ${what} waits but ${heldPods} that ${heldPods === 1 ? 'is' : 'are'} held back on purpose.`
  return `No waiting pod matches, of ${total} in all.`
}

function moreText(held: number): string {
  return held === 0 ? '' : ` ${held} more ${held === 1 ? 'is' : 'are'} held back on purpose.`
}

/** The oldest of those that have waited too long, or of all where none has. */
function whoText(waiting: readonly Row[]): string {
  const over = waiting.filter(({ isOver }) => isOver)
  const said = over.length === 0 ? waiting : over
  const [oldest] = said
  if (oldest === undefined) return ''
  const { pod, ageSeconds, cause } = oldest
  const who = `${pod.namespace}/${pod.name}, for ${durationText(ageSeconds)} because ${causeTexts[cause]}`
  const bound = `${over.length === 0 ? 'within' : 'over'} ${thresholdText(said)}`
  if (waiting.length === 1) return `, ${bound}: ${who}`
  if (said.length === waiting.length) return `, all ${bound}; the oldest, ${who}`
  return `; ${over.length} ${bound}, ${over.length === 1 ? '' : 'the oldest, '}${who}`
}

/** `their 5 min threshold`. */
function thresholdText(rows: readonly Row[]): string {
  const [threshold = 0, ...others] = new Set(rows.map(({ thresholdSeconds }) => thresholdSeconds))
  if (others.length > 0) return 'their thresholds'
  return `${rows.length === 1 ? 'its' : 'their'} ${durationText(threshold)} threshold`
}
