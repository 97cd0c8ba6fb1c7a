// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import { type CronJobFacts, readCronJob } from '../src/objects/cron-job.ts'
import { objectiveOf, zoneOf } from '../src/settings/annotations.ts'
import { settingsOf } from '../src/settings/settings.ts'

const objective = 'leadline.dev/objective'
const zone = 'leadline.dev/controller-time-zone'
const config = { objective: 1200, controller_time_zone: 'UTC', roll_up: 'auto' } as const

function cronJob(annotations: Record<string, string> = {}): CronJobFacts {
  const metadata = {
    uid: 'u',
    name: 'backup',
    namespace: 'shop',
    creationTimestamp: '2026-09-01T10:00:00Z',
    annotations,
  }
  return readCronJob({ metadata, spec: { schedule: '0 * * * *' } })
}

test('an objective is a duration from a second to a day', async (t) => {
  t.equal(objectiveOf('20m'), 1200)
  t.equal(objectiveOf('1s'), 1)
  t.equal(objectiveOf('24h'), 86_400)
  for (const wrong of ['', '20', '999ms', '24h1s', '-20m', 'soon']) t.equal(objectiveOf(wrong), undefined, wrong)
})

test('a zone is one that there is', async (t) => {
  t.equal(zoneOf('Europe/Berlin'), 'Europe/Berlin')
  for (const wrong of ['', 'Europe/Berln', 'Local']) t.equal(zoneOf(wrong), undefined, wrong)
})

test('a CronJob goes before its namespace, and both before the config', async (t) => {
  const ofNamespace = { [objective]: '1h', [zone]: 'Europe/Berlin' }
  const settings = settingsOf(
    (name) => (name === 'shop' ? ofNamespace : undefined),
    () => config,
  )
  t.equal(settings.objectiveSecondsOf(cronJob({ [objective]: '5m' })), 300)
  t.equal(settings.objectiveSecondsOf(cronJob()), 3600)
  t.equal(settings.objectiveSecondsOf({ ...cronJob(), namespace: 'other' }), 1200)
  t.equal(settings.withControllerZone(cronJob({ [zone]: 'Asia/Tokyo' })).controllerTimeZone, 'Asia/Tokyo')
  t.equal(settings.withControllerZone(cronJob()).controllerTimeZone, 'Europe/Berlin')
  t.equal(settings.withControllerZone({ ...cronJob(), namespace: 'other' }).controllerTimeZone, 'UTC')
})

test('an annotation that says nothing counts as absent, and is told', async (t) => {
  const settings = settingsOf(
    () => ({ [objective]: '1h' }),
    () => config,
  )
  const misspelt = cronJob({ [objective]: 'twenty minutes', [zone]: 'Mars/Olympus' })
  t.equal(settings.objectiveSecondsOf(misspelt), 3600)
  t.equal(settings.withControllerZone(misspelt).controllerTimeZone, 'UTC')
  t.strictSame(settings.mistakes([misspelt, cronJob({ [objective]: '20m' }), cronJob()]), [
    { namespace: 'shop', cronJob: 'backup', annotation: objective },
    { namespace: 'shop', cronJob: 'backup', annotation: zone },
  ])
})

test('an annotation of a namespace that says nothing is told once, if there are CronJobs in it', async (t) => {
  const settings = settingsOf(
    () => ({ [objective]: 'soon' }),
    () => config,
  )
  t.strictSame(settings.mistakes([cronJob(), cronJob()]), [
    { namespace: 'shop', cronJob: undefined, annotation: objective },
  ])
  t.strictSame(settings.mistakes([]), [])
})

test('a config that is read anew counts at once', async (t) => {
  let now: { objective: number; controller_time_zone: string; roll_up: 'auto' } = { ...config }
  const settings = settingsOf(
    () => undefined,
    () => now,
  )
  now = { ...now, objective: 60 }
  t.equal(settings.objectiveSecondsOf(cronJob()), 60)
})
