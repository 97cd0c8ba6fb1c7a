// SPDX-License-Identifier: Apache-2.0

/** The clocks of a time zone. */
export interface Zone {
  /** The name that ICU has for it: in its exact letters, often an older name of the same zone. */
  readonly name: string
  /** The time around an instant in unix seconds in which the offset is one. Throws RangeError for what is no instant. */
  stretchAt(unixSeconds: number): Stretch
}

/** A time without a change of the clocks, in unix seconds. The time before and after it may have the same offset. */
export interface Stretch {
  /** The first instant that is not in it. */
  readonly untilSeconds: number
  /** Seconds that clocks are ahead of UTC. */
  readonly offsetSeconds: number
}

/** Three days, in which clocks change once at most: since 1970 no zone has done so twice in less than six. */
const spanSeconds = 259_200

/** About sixteen years of spans. */
const spansKept = 2000

const zones = new Map<string, Zone>()

/** The zone of this name, in any case, in the time zone data of this Node.js; undefined when it has none. */
export function findZone(name: string): Zone | undefined {
  const known = zones.get(name)
  if (known !== undefined) return known
  const formatter = offsetFormatter(name)
  if (formatter === undefined) return undefined
  const zone = { name: formatter.resolvedOptions().timeZone, stretchAt: rememberedStretches(formatter) }
  zones.set(name, zone)
  return zone
}

function offsetFormatter(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' })
  } catch {
    return undefined
  }
}

/** Asking ICU takes microseconds, so what it says of a span of time is kept. */
function rememberedStretches(formatter: Intl.DateTimeFormat): (unixSeconds: number) => Stretch {
  const spans = new Map<number, readonly [Stretch, Stretch]>()
  return (unixSeconds) => {
    const index = Math.floor(unixSeconds / spanSeconds)
    let span = spans.get(index)
    if (span === undefined) {
      if (spans.size >= spansKept) spans.clear()
      span = measureSpan(formatter, index * spanSeconds)
      spans.set(index, span)
    }
    return unixSeconds < span[0].untilSeconds ? span[0] : span[1]
  }
}

/** The stretches before and after the one change in a span; the second is empty when there is none. */
function measureSpan(formatter: Intl.DateTimeFormat, fromSeconds: number): readonly [Stretch, Stretch] {
  const untilSeconds = fromSeconds + spanSeconds
  const before = readOffset(formatter, fromSeconds)
  const after = readOffset(formatter, untilSeconds - 1)
  const changeAt = before === after ? untilSeconds : findChange(formatter, fromSeconds, untilSeconds - 1)
  return [
    { untilSeconds: changeAt, offsetSeconds: before },
    { untilSeconds, offsetSeconds: after },
  ]
}

/** The first instant at which the offset is that of `toSeconds`, where it is another than that of `fromSeconds`. */
function findChange(formatter: Intl.DateTimeFormat, fromSeconds: number, toSeconds: number): number {
  const offset = readOffset(formatter, toSeconds)
  let before = fromSeconds
  let after = toSeconds
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (readOffset(formatter, middle) === offset) after = middle
    else before = middle
  }
  return after
}

/** ICU writes the offset last: `1/1/1970, GMT-00:44:30`; UTC may be plain `GMT`. */
function readOffset(formatter: Intl.DateTimeFormat, unixSeconds: number): number {
  const text = formatter.format(unixSeconds * 1000)
  const [, sign, ...parts] = /GMT(?:([+-])(\d+):(\d+)(?::(\d+))?)?$/.exec(text) as RegExpExecArray
  const size = parts.reduce((sum, part: string | undefined, place) => sum + Number(part ?? 0) * (3600 / 60 ** place), 0)
  return sign === '-' ? -size : size
}
