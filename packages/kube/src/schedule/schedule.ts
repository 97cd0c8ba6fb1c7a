// SPDX-License-Identifier: Apache-2.0

/** When a CronJob is due: five cron fields on the clocks of a zone, or a fixed delay. Plain, frozen, safe to share. */
export type Schedule = FieldSchedule | DelaySchedule

/** A schedule of five cron fields, or of a descriptor such as `@daily` that stands for them. */
export interface FieldSchedule {
  readonly kind: 'fields'
  /** The text it was read from. */
  readonly text: string
  /** IANA name of the zone whose clocks the fields speak of. */
  readonly timeZone: string
  /** 0 to 59. */
  readonly minutes: FieldSet
  /** 0 to 23. */
  readonly hours: FieldSet
  /** 1 to 31. */
  readonly daysOfMonth: FieldSet
  /** 1 to 12. */
  readonly months: FieldSet
  /** 0 (Sunday) to 6. */
  readonly daysOfWeek: FieldSet
}

/** An `@every` schedule: a tick this long after the one before, the first this long after the CronJob was created. */
export interface DelaySchedule {
  readonly kind: 'delay'
  /** The text it was read from. */
  readonly text: string
  /** Whole seconds, at least 1. */
  readonly delaySeconds: number
}

/** What one field of a schedule takes. */
export interface FieldSet {
  /** In rising order; empty when the field names none, as `,` does. */
  readonly values: readonly number[]
  /**
   * Whether the field counts as unrestricted: a `*` or `?` without a step above 1 is in it. When one of the two day
   * fields has it, a day must be in both; when none has, in either.
   */
  readonly star: boolean
}

/** Why the API server refuses a schedule or its zone, or why its ticks can't be told here. */
export interface ScheduleProblem {
  /** Which field of the CronJob's spec is meant. */
  readonly field: 'schedule' | 'timeZone'
  /** Where the mistake begins in that field's text, from 1. */
  readonly column: number
  /** What is wrong and how to mend it. */
  readonly message: string
  /** The field's whole text as it was most likely meant; the API server takes it. */
  readonly suggestion?: string
}

/** What `parseSchedule` makes of a text. */
export type ScheduleReading =
  | {
      readonly schedule: Schedule
      readonly problem: undefined
      /** Set when objects that have this text from earlier versions run with it, but no new one may have it. */
      readonly refusedOnCreate: ScheduleProblem | undefined
    }
  | { readonly schedule: undefined; readonly problem: ScheduleProblem; readonly refusedOnCreate: undefined }

/** A problem as one line: `spec.schedule "0 3 * * 7", column 9: what; try "0 3 * * 0"`. */
export function scheduleProblemLine(text: string, { field, column, message, suggestion }: ScheduleProblem): string {
  const line = `spec.${field} ${JSON.stringify(text)}, column ${column}: ${message}`
  return suggestion === undefined ? line : `${line}; try ${JSON.stringify(suggestion)}`
}
