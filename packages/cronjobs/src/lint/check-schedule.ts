// SPDX-License-Identifier: Apache-2.0
import { nextTick, parseSchedule, type Schedule, type ScheduleProblem } from '@leadline/kube'
import type { Declared } from '../declared.ts'
import { clockEffects, effectText } from '../schedule/clock-effects.ts'
import type { Finding } from './finding.ts'

/** How far ahead changes of the clocks are told, in seconds. */
const aheadSeconds = 366 * 86_400

const hasZone = /^(CRON_)?TZ=/

/** What is wrong with the schedule and the zone of a CronJob, as seen at an instant in unix seconds. */
export function* checkSchedule(declared: Declared, nowSeconds: number): Generator<Finding> {
  const { schedule: text, timeZone } = declared
  const { schedule, problem, refusedOnCreate } = parseSchedule(text.value, { timeZone: timeZone.value })
  if (problem?.field === 'timeZone') yield zoneFinding(declared, problem)
  // A wrong zone keeps the schedule from being read.
  const reading = problem?.field === 'timeZone' ? parseSchedule(text.value).problem : problem
  if (reading !== undefined) yield { rule: 'schedule', place: text.place, message: problemText(text.value, reading) }
  if (hasZone.test(text.value)) {
    const message =
      refusedOnCreate === undefined
        ? `${JSON.stringify(text.value)}: a zone in the schedule is refused; name it in timeZone`
        : problemText(text.value, refusedOnCreate)
    yield { rule: 'schedule-zone', place: text.place, message }
  } else if (timeZone.value === undefined) {
    const message =
      "no time zone is set, so that kube-controller-manager's own counts; write timeZone: Etc/UTC, or the one meant"
    yield { rule: 'time-zone-missing', place: timeZone.place, message }
  }
  if (schedule !== undefined) yield* checkTicks(declared, schedule, nowSeconds)
}

function zoneFinding({ timeZone }: Declared, problem: ScheduleProblem): Finding {
  return { rule: 'time-zone-unknown', place: timeZone.place, message: problemText(timeZone.value ?? '', problem) }
}

/** A problem in words, without the name of the field, which the place tells. */
export function problemText(text: string, { message, suggestion }: ScheduleProblem): string {
  const mend = suggestion === undefined ? '' : `; try ${JSON.stringify(suggestion)}`
  return `${JSON.stringify(text)}: ${message}${mend}`
}

function* checkTicks({ schedule: { place } }: Declared, schedule: Schedule, nowSeconds: number): Generator<Finding> {
  if (schedule.kind === 'delay') {
    if (schedule.delaySeconds < 60) yield { rule: 'name-clash', place, message: clashMessage(schedule.delaySeconds) }
    return
  }
  if (nextTick(schedule, nowSeconds) === undefined) {
    const message =
      `${JSON.stringify(schedule.text)} does not come in the next five years; see the day of ` +
      'the month and the month'
    yield { rule: 'schedule-never', place, message }
    return
  }
  const seen = new Set<string>()
  for (const effect of clockEffects(schedule, nowSeconds, nowSeconds + aheadSeconds)) {
    if (seen.has(effect.kind)) continue
    seen.add(effect.kind)
    const message =
      `${effectText(effect, schedule.timeZone)}; choose another hour, or a zone that keeps its ` +
      'clocks such as Etc/UTC'
    yield { rule: 'clock-change', place, message }
  }
}

function clashMessage(delaySeconds: number): string {
  return (
    `a run each ${delaySeconds}s, of which Kubernetes starts one a minute and loses the others; ` +
    'use @every 1m, or a loop in one long run'
  )
}
