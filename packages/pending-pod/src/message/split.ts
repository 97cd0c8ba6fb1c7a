// SPDX-License-Identifier: Apache-2.0

/** The parts of a scheduler's message. */
export interface MessageParts {
  /** Undefined when the message is not of the form `0/<n> nodes are available: ...`. */
  readonly totalNodes: number | undefined
  /** What the filters say, without what preemption came to; the whole message when it is of no such form. */
  readonly body: string
}

/** One of the counted reasons of a body. */
export interface CountedReason {
  readonly nodes: number
  readonly text: string
}

const zero = 48
const nine = 57
/** Space, comma, full stop. */
const stops = new Set([32, 44, 46])
/** More digits than any cluster has nodes are no count. */
const mostDigits = 7

/** Splits off the head with the number of nodes, and the tail in which preemption goes over the same nodes again. */
export function splitMessage(message: string): MessageParts {
  const found = headEnd(message)
  if (found === undefined) return { totalNodes: undefined, body: trimStops(message.slice(0, tailStart(message, 0))) }
  const { totalNodes, end } = found
  return { totalNodes, body: trimStops(message.slice(end, tailStart(message, end))) }
}

/** The first `most` counted reasons of a body; undefined when it is a text without counts, as of a prefilter. */
export function splitReasons(body: string, most: number): readonly CountedReason[] | undefined {
  if (countAt(body, 0) === undefined) return undefined
  const reasons: CountedReason[] = []
  let count = countAt(body, 0)
  while (count !== undefined && reasons.length < most) {
    const next = nextCount(body, count.end)
    reasons.push({ nodes: count.value, text: trimStops(body.slice(count.end, next?.comma)) })
    count = next
  }
  return reasons
}

interface Count {
  readonly value: number
  readonly end: number
}

/** The digits at this place that a space follows. */
function countAt(text: string, start: number): Count | undefined {
  const end = digitsEnd(text, start)
  if (end === start || text[end] !== ' ') return undefined
  return { value: Number(text.slice(start, end)), end: end + 1 }
}

/** The next comma with a count after it: reasons have commas of their own. */
function nextCount(text: string, start: number): (Count & { readonly comma: number }) | undefined {
  for (let comma = text.indexOf(',', start); comma >= 0; comma = text.indexOf(',', comma + 1)) {
    const count = countAt(text, text[comma + 1] === ' ' ? comma + 2 : comma + 1)
    if (count !== undefined) return { ...count, comma }
  }
  return undefined
}

/** Where the digits end that begin here; here, when there are none or too many. */
function digitsEnd(text: string, start: number): number {
  let end = start
  while (end <= start + mostDigits && isDigit(text.charCodeAt(end))) end++
  return end > start + mostDigits ? start : end
}

function isDigit(code: number): boolean {
  return code >= zero && code <= nine
}

function headEnd(text: string): { readonly totalNodes: number; readonly end: number } | undefined {
  const slash = digitsEnd(text, 0)
  const end = digitsEnd(text, slash + 1)
  if (slash === 0 || text[slash] !== '/' || end === slash + 1) return undefined
  const words = ' nodes are available'
  if (!text.startsWith(words, end)) return undefined
  const after = end + words.length
  return { totalNodes: Number(text.slice(slash + 1, end)), end: text[after] === ':' ? after + 1 : after }
}

/** The end of the filters' sentence: a full stop with a space, or what preemption is told after. */
function tailStart(text: string, start: number): number {
  const ends = [text.indexOf('. ', start), text.indexOf('preemption: ', start)].filter((at) => at >= 0)
  return Math.min(text.length, ...ends)
}

/** Without the space around it and the full stops and commas at its end. */
function trimStops(text: string): string {
  const trimmed = text.trim()
  let end = trimmed.length
  while (end > 0 && stops.has(trimmed.charCodeAt(end - 1))) end--
  return trimmed.slice(0, end)
}
