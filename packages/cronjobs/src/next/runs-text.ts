// SPDX-License-Identifier: Apache-2.0
import { type FieldSchedule, findZone, type Schedule, ticksBetween } from '@leadline/kube'
import { clockChanges, clockEffects, effectText } from '../schedule/clock-effects.ts'
import { localTime, utcText } from '../schedule/local-time.ts'

/** The coming runs of a schedule, a line each; undefined when none comes in five years. */
export function runsText(schedule: Schedule, fromSeconds: number, count: number): string | undefined {
  const ticks = ticksBetween(schedule, fromSeconds, Number.MAX_SAFE_INTEGER, count)
  if (ticks.length === 0) return undefined
  if (schedule.kind === 'delay') {
    const note = `, counted from ${utcText(fromSeconds)}; in a cluster from the run before, the first from the creation`
    return `${note}\n${ticks.map((tick) => `  ${utcText(tick)}\n`).join('')}`
  }
  return ` on the clocks of ${schedule.timeZone}\n${linesOf(schedule, fromSeconds, ticks).join('')}`
}

function linesOf(schedule: FieldSchedule, fromSeconds: number, ticks: readonly number[]): string[] {
  const lines: string[] = []
  let from = Math.floor(fromSeconds)
  for (const tick of ticks) {
    for (const effect of clockEffects(schedule, from, tick)) {
      if (effect.kind === 'skipped') lines.push(`  -- ${effectText(effect, schedule.timeZone)}\n`)
    }
    lines.push(`  ${runLine(schedule.timeZone, tick)}\n`)
    from = tick
  }
  return lines
}

function runLine(timeZone: string, tick: number): string {
  const offset = findZone(timeZone)?.stretchAt(tick).offsetSeconds ?? 0
  const { weekday, day, seconds } = localTime(tick + offset)
  return `${weekday} ${day} ${seconds} ${offsetText(offset)}  ${utcText(tick)}${repeatMark(timeZone, tick)}`
}

function offsetText(offsetSeconds: number): string {
  const { minutes } = localTime(Math.abs(offsetSeconds))
  return `${offsetSeconds < 0 ? '-' : '+'}${minutes}`
}

/** Longest time by which clocks are put back, in seconds; to go from one side of the date line to the other. */
const longestChange = 86_400

/** Which of two a run is whose time the clocks show twice; empty for all others. */
function repeatMark(timeZone: string, tick: number): string {
  for (const { at, before, after } of clockChanges(timeZone, tick - longestChange, tick + longestChange)) {
    const twice = before - after
    if (tick >= at - twice && tick < at) return '  first of two: the clocks go back'
    if (tick >= at && tick < at + twice) return '  second of two: the clocks went back'
  }
  return ''
}
