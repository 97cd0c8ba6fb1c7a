// SPDX-License-Identifier: Apache-2.0
import { readDescriptor } from './descriptor.ts'
import { readFields } from './fields.ts'
import type { Schedule, ScheduleProblem, ScheduleReading } from './schedule.ts'
import type { Mistake } from './token.ts'
import { zoneMistake } from './zone-name.ts'
import { readZonePrefix } from './zone-prefix.ts'

/** The zones that a schedule's text does not name. */
export interface ScheduleZones {
  /** The CronJob's `spec.timeZone`; undefined when it has none. */
  readonly timeZone?: string | undefined
  /** The zone of kube-controller-manager's clock, in which CronJobs without a zone run; UTC unless told. */
  readonly controllerTimeZone?: string
}

/** How often a text is mended before it is given up. */
const mendings = 8

/**
 * Reads `spec.schedule` as Kubernetes 1.36 does: robfig/cron v3.0.1, ParseStandard, and the API server's own checks. What
 * it refuses comes back as a problem, and so does a `spec.timeZone` that it refuses or that this Node.js does not know.
 * Throws RangeError when `controllerTimeZone` is no time zone.
 */
export function parseSchedule(text: string, zones: ScheduleZones = {}): ScheduleReading {
  const { timeZone, controllerTimeZone = 'UTC' } = zones
  if (zoneMistake(controllerTimeZone) !== undefined) throw new RangeError(`no time zone: ${controllerTimeZone}`)
  const wrongZone = timeZone === undefined ? undefined : zoneMistake(timeZone)
  if (wrongZone !== undefined) return refused({ field: 'timeZone', column: 1, ...wrongZone })
  const read = readText(text, { timeZone, controllerTimeZone })
  if ('message' in read) return refused(problemOf(text, read))
  return { schedule: Object.freeze(read), problem: undefined, refusedOnCreate: refusedOnCreate(text, timeZone) }
}

function refused(problem: ScheduleProblem): ScheduleReading {
  return { schedule: undefined, problem, refusedOnCreate: undefined }
}

function readText(text: string, zones: Required<ScheduleZones>): Schedule | Mistake {
  const prefix = readZonePrefix(text)
  if ('message' in prefix) return prefix
  const { body } = prefix
  const named = prefix.timeZone === 'Local' ? zones.controllerTimeZone : prefix.timeZone
  const timeZone = named ?? zones.timeZone ?? zones.controllerTimeZone
  const read = body.text.startsWith('@') ? readDescriptor(body) : readFields(body)
  if ('message' in read) return read
  return 'delaySeconds' in read ? { kind: 'delay', text, ...read } : { kind: 'fields', text, timeZone, ...read }
}

/** The API server lets an object that had a zone in its text keep it, but takes no new one. */
function refusedOnCreate(text: string, timeZone: string | undefined): ScheduleProblem | undefined {
  const prefix = readZonePrefix(text)
  if ('message' in prefix || prefix.timeZone === undefined) return undefined
  const message =
    timeZone === undefined
      ? 'a zone in the schedule is refused in new CronJobs and ran in old ones only: name it in spec.timeZone'
      : 'a zone in the schedule is refused beside spec.timeZone, and would be the one that counts: leave it out'
  return { field: 'schedule', column: 1, message, suggestion: prefix.body.text }
}

function problemOf(text: string, first: Mistake): ScheduleProblem {
  const { column, message } = first
  const problem: ScheduleProblem = { field: 'schedule', column, message }
  let mended = text
  let read: Schedule | Mistake = first
  for (let i = 0; i < mendings && 'message' in read && read.mending !== undefined; i++) {
    const { wrong, right } = read.mending
    mended = mended.slice(0, read.column - 1) + right + mended.slice(read.column - 1 + wrong.length)
    read = readText(mended, { timeZone: undefined, controllerTimeZone: 'UTC' })
  }
  return 'message' in read ? problem : { ...problem, suggestion: mended }
}
