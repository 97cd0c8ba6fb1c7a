// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import { ruleNames } from '../src/lint/rules.ts'
import { firing, lintLines } from './commands.ts'
import { job, manifest } from './manifests.ts'

const name52 = 'a'.repeat(52)

/** Rule, a text in which it alone fires, and one just beside it in which none does. */
const cases: readonly (readonly [rule: string, fires: string, silent: string])[] = [
  ['yaml', 'a: [', job()],
  ['yaml', `${job()}name: other\n`, job()],
  ['job-file', job('shedule: x'), job('concurrency: Allow')],
  ['job-file', job('concurrency: forbid'), job('concurrency: Forbid')],
  ['job-file', job('command: "x"', 'args: [y]'), job('command: [x]', 'args: [y]')],
  ['job-file', job('command: []'), job('command: [x]')],
  ['job-file', job('starting_deadline: 9s'), job('starting_deadline: 10s')],
  ['job-file', job('objective: 86401s'), job('objective: 24h')],
  [
    'job-file',
    job('resources: {memory: 2Gi, memory_limit: 2047Mi}'),
    job('resources: {memory: 2Gi, memory_limit: 2048Mi}'),
  ],
  ['job-file', job('resources: {cpu: "1", cpu_limit: 999m}'), job('resources: {cpu: "1", cpu_limit: 1000m}')],
  ['job-file', job('resources: {memory: 2 GB}'), job('resources: {memory: 2G}')],
  ['job-file', job('env: {A: {secret: s}}'), job('env: {A: {secret: s, key: k}}')],
  ['job-file', job('env: {1A: x}'), job('env: {A1: x}')],
  ['job-file', job('labels: {job-name: x}'), job('labels: {name: x}')],
  ['job-file', job(`labels: {a: ${'x'.repeat(64)}}`), job(`labels: {a: ${'x'.repeat(63)}}`)],
  ['job-file', job('annotations: {leadline.dev/objective: 5m}'), job('objective: 5m')],
  ['manifest', manifest({}).replace('batch/v1', 'batch/v1beta1'), manifest({})],
  [
    'manifest',
    manifest({ startingDeadlineSeconds: '"600"' }).replace('600"', '600"'),
    manifest({ startingDeadlineSeconds: '600' }),
  ],
  ['manifest', manifest({ name: '123' }), manifest({ name: '"123"' })],
  ['manifest', manifest({ suspend: '"false"' }), manifest({ suspend: 'Off' })],
  ['name-form', manifest({ name: 'Report' }), manifest({ name: 'report' })],
  ['name-form', manifest({ name: 'a.-b' }), manifest({ name: 'a.b' })],
  ['name-form', job().replace('name: report', 'name: ""'), job()],
  ['name-length', manifest({ name: `${name52}a` }), manifest({ name: name52 })],
  ['name-length', job().replace('report', `${name52}a`), job().replace('report', name52)],
  [
    'name-unique',
    `${manifest({ namespace: 'a' })}---\n${job('namespace: a')}`,
    `${manifest({ namespace: 'a' })}---\n${job('namespace: b')}---\n${job()}`,
  ],
  ['schedule', manifest({ schedule: '"0 3 * * 7"' }), manifest({ schedule: '"0 3 * * 0"' })],
  ['schedule', manifest({ schedule: '""' }), manifest({ schedule: '"@daily"' })],
  ['schedule-zone', manifest({ schedule: 'TZ=UTC 0 3 * * *' }), manifest({ schedule: '0 3 * * *' })],
  ['schedule-never', manifest({ schedule: '0 0 30 2 *' }), manifest({ schedule: '0 0 29 2 *' })],
  ['name-clash', manifest({ schedule: '"@every 59s"' }), manifest({ schedule: '"@every 60s"' })],
  ['time-zone-unknown', manifest({ timeZone: 'europe/berlin' }), manifest({ timeZone: 'Europe/Berlin' })],
  ['time-zone-missing', manifest({ timeZone: undefined }), manifest({ timeZone: 'Etc/UTC' })],
  ['starting-deadline-missing', manifest({ startingDeadlineSeconds: undefined }), manifest({})],
  ['starting-deadline-short', manifest({ startingDeadlineSeconds: '9' }), manifest({ startingDeadlineSeconds: '10' })],
  ['concurrency-missing', manifest({ concurrencyPolicy: undefined }), manifest({ concurrencyPolicy: 'Allow' })],
  ['concurrency-unknown', manifest({ concurrencyPolicy: 'forbid' }), manifest({ concurrencyPolicy: 'Replace' })],
  [
    'forbid-without-timeout',
    manifest({ activeDeadlineSeconds: undefined }),
    manifest({ activeDeadlineSeconds: undefined, concurrencyPolicy: 'Allow' }),
  ],
  ['history-zero', manifest({ failedJobsHistoryLimit: '0' }), manifest({ failedJobsHistoryLimit: '1' })],
  ['history-zero', manifest({ successfulJobsHistoryLimit: '0' }), manifest({ successfulJobsHistoryLimit: '1' })],
  ['history-zero', job('history: {failed: 0}'), job('history: {failed: 1}')],
  ['restart-policy', manifest({ restartPolicy: 'Always' }), manifest({ restartPolicy: 'OnFailure' })],
  ['restart-policy', manifest({ restartPolicy: undefined }), manifest({ restartPolicy: 'Never' })],
  ['suspended', manifest({ suspend: 'true' }), manifest({ suspend: 'false' })],
  ['suspended', job('suspend: true'), job('suspend: false')],
]

test('each rule fires, and is silent just beside', async (t) => {
  for (const [rule, fires, silent] of cases) {
    t.strictSame(await firing(fires), [rule], fires)
    t.strictSame(await firing(silent), [], silent)
  }
})

test('every rule is tested', async (t) => {
  const elsewhere = ['clock-change', 'busy-minute', 'full-hour']
  t.strictSame(new Set([...cases.map(([rule]) => rule), ...elsewhere]), new Set(ruleNames))
})

function inBerlin(schedule: string): string {
  return manifest({ schedule, timeZone: 'Europe/Berlin' })
}

test('a change of the clocks is told of schedules that it meets, and of no others', async (t) => {
  t.strictSame(await lintLines(inBerlin('"30 2 * * *"')), [
    'stdin:6:13: info: the run of 2027-03-28 02:30 does not come: clocks in Europe/Berlin go forward from 02:00 to 03:00; choose another hour, or a zone that keeps its clocks such as Etc/UTC (clock-change)',
    'stdin:6:13: info: the run of 2027-10-31 02:30 comes twice: clocks in Europe/Berlin go back from 03:00 to 02:00; choose another hour, or a zone that keeps its clocks such as Etc/UTC (clock-change)',
  ])
  for (const schedule of ['"59 1 * * *"', '"0 3 * * *"', '"30 2 * * 1-6"', '"30 * * * *"', '"@every 1h"']) {
    t.strictSame(await lintLines(inBerlin(schedule)), [], schedule)
  }
  t.strictSame(await firing(manifest({ schedule: '"30 2 * * *"' })), [])
})

async function places(text: string): Promise<string[]> {
  return (await lintLines(text)).map((line) => line.split(':').slice(1, 3).join(':'))
}

test('findings stand at the value, or at what lacks it', async (t) => {
  t.strictSame(await places(manifest({ concurrencyPolicy: 'forbid' })), ['8:22'])
  t.strictSame(await places(manifest({ timeZone: undefined })), ['6:3'])
  t.strictSame(await places(manifest({ restartPolicy: undefined })), ['15:11'])
  t.strictSame(await places(job('history:', '  failed: 0')), ['5:11'])
  t.strictSame(await places(`${job()}---\n- ${job().trim().replaceAll('\n', '\n  ')}\n`), ['5:9'])
})

test('a schedule without quotes is told how to be written', async (t) => {
  t.strictSame(await lintLines(job().replace('"23 12 * * *"', '*/5 * * * *')), [
    'stdin:2:11: error: a text that begins with * must be in quotes: schedule: "*/5 * * * *" (yaml)',
  ])
})

test('lists are looked into, and other kinds are passed over', async (t) => {
  const item = manifest({ suspend: 'true' }).trim().replaceAll('\n', '\n  ')
  const listed = `kind: List\napiVersion: v1\nitems:\n- kind: Pod\n- ${item}\n---\n---\nkind: Service\nspec: 1\n`
  t.strictSame(await firing(listed), ['suspended'])
  t.strictSame(
    await firing(JSON.stringify({ kind: 'CronJobList', items: [{ kind: 'CronJob', apiVersion: 'batch/v1' }] })),
    ['manifest'],
  )
  t.strictSame(await firing('kind: CronJob\napiVersion: example.com/v1\n'), [])
  t.strictSame(await firing(''), [])
})

test('a name and a key that are wrong are told the nearest right ones', async (t) => {
  t.match(await lintLines(manifest({ name: 'My_Report..x' })), [/; try "my-report\.x" \(name-form\)$/])
  t.match(await lintLines(job('imge: x')), [
    /^stdin:4:1: error: field imge not found; did you mean image\? Allowed here: /,
  ])
})
