// SPDX-License-Identifier: Apache-2.0

/** What a field of a schedule may hold. */
export interface FieldRule {
  readonly name: string
  readonly min: number
  readonly max: number
  /** Names of the values from `min` on, lower-case; in the text any case will do. */
  readonly names: readonly string[]
}

const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const dayNames = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

/** The five fields in the order of the text. */
export const fieldRules = {
  minutes: { name: 'minute', min: 0, max: 59, names: [] },
  hours: { name: 'hour', min: 0, max: 23, names: [] },
  daysOfMonth: { name: 'day of month', min: 1, max: 31, names: [] },
  months: { name: 'month', min: 1, max: 12, names: monthNames },
  daysOfWeek: { name: 'day of week', min: 0, max: 6, names: dayNames },
} satisfies Readonly<Record<string, FieldRule>>
