// SPDX-License-Identifier: Apache-2.0
import * as fc from 'fast-check'

const name = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$/)

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom(...Array.from(' \n\t:#-*&!|>\'"%@`{}[],?yes01e.~=$()')) }),
)

const field = fc.stringMatching(/^[0-9*?,/-]{1,4}$/)

/** Texts near to schedules: some that Kubernetes takes, many that it refuses. */
export const nearSchedules = fc.oneof(
  fc.tuple(field, field, field, field, field).map((fields) => fields.join(' ')),
  fc
    .tuple(fc.nat(59), fc.nat(23), fc.integer({ min: 1, max: 31 }), fc.integer({ min: 1, max: 12 }))
    .map((fields) => `${fields.join(' ')} *`),
  fc.constantFrom(
    '@daily',
    '@hourly',
    '@reboot',
    '@every 59s',
    '@every 1m',
    '@every 1d',
    'TZ=UTC 0 3 * * *',
    '',
    '0 0 30 2 *',
    '* * * * 7',
    'daily',
    '0 0 L * *',
  ),
)

const seconds = fc.integer({ min: 10, max: 86_400 }).map((count) => `${count}s`)

/** Jobs as plain data, with schedules that may be refused and texts of all kinds. */
export const jobs = fc.record(
  {
    name,
    schedule: nearSchedules,
    image: fc.stringMatching(/^[a-z0-9./:@-]{1,30}$/),
    namespace: name,
    time_zone: fc.constantFrom('Etc/UTC', 'Europe/Berlin', 'Asia/Kolkata'),
    command: fc.oneof(
      anyText.filter((text) => text !== ''),
      fc.array(anyText, { minLength: 1, maxLength: 3 }),
    ),
    env: fc.dictionary(
      fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.-]{0,9}$/),
      fc.oneof(anyText, fc.constant({ secret: 's', key: 'k' })),
      { maxKeys: 3 },
    ),
    objective: seconds,
    starting_deadline: seconds,
    timeout: seconds,
    concurrency: fc.constantFrom('Allow', 'Forbid', 'Replace'),
    retries: fc.nat(10),
    suspend: fc.boolean(),
    labels: fc.dictionary(name, name, { maxKeys: 2 }),
    annotations: fc.dictionary(name, anyText, { maxKeys: 2 }),
  },
  { requiredKeys: ['name', 'schedule', 'image'] },
)
