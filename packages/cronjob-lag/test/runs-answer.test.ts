// SPDX-License-Identifier: Apache-2.0
import { type Test, test } from 'tap'
import { ask, askJson, backup, viewOf } from './runs-rig.ts'
import { World } from './world.ts'

/** The answer is the first line of the page, and the same in JSON. */
async function answers(t: Test, world: World, did: string, text: string): Promise<void> {
  const view = viewOf(world)
  const json = await askJson(view, backup)
  t.strictSame([json['did'], json['answer']], [did, text])
  const page = (await ask(view, backup)).text
  const first = /<h1[^>]*>(.*?)<\/h1>/.exec(page)?.[1]
  t.equal(first?.replaceAll('&#39;', "'").replaceAll('&quot;', '"'), text)
}

test('yes: started on time, and running or completed', async (t) => {
  const world = new World()
  world.addCronJob('0 * * * *', { timeZone: 'Europe/Berlin' })
  world.plan = () => ({ startsAfter: 4, runsFor: 186 })
  world.runUntil('11:01')
  await answers(
    t,
    world,
    'yes',
    'Yes: the run of 13:00 Europe/Berlin started 13:00:04, 4 s after its time, and has been running for 56 s.',
  )
  world.runUntil('11:30')
  await answers(
    t,
    world,
    'yes',
    'Yes: the run of 13:00 Europe/Berlin started 13:00:04, 4 s after its time, and completed 13:03:11.',
  )
})

test('yes, with the date when it is not of today', async (t) => {
  const world = new World()
  const cronJob = world.addCronJob('59 23 * * *')
  world.plan = () => ({ startsAfter: 90, runsFor: 10 })
  world.runUntil('24:30')
  await answers(
    t,
    world,
    'yes',
    'Yes: the run of 2026-09-01 23:59 UTC started 2026-09-02 00:00:30, 1 min 30 s after its time, and completed 2026-09-02 00:00:41.',
  )
  world.editCronJob(cronJob, { suspended: true })
  const { answer } = await askJson(viewOf(world), backup)
  t.match(answer, /00:00:41\. It is suspended now, so no other is due\.$/)
})

test('yes, but it failed, or the cluster or somebody ended it', async (t) => {
  const failed = new World()
  failed.addCronJob('0 * * * *')
  failed.plan = () => ({ startsAfter: 2, runsFor: 10, exitCode: 1 })
  failed.runUntil('11:30')
  await answers(
    t,
    failed,
    'yes_failed',
    'Yes, but it failed: the run of 11:00 UTC started 11:00:02, 2 s after its time, and failed 11:00:13.',
  )
  const deleted = new World()
  deleted.addCronJob('0 * * * *')
  deleted.plan = () => ({ startsAfter: 2, runsFor: 1000 })
  deleted.runUntil('11:05')
  deleted.deleteJob(deleted.jobOf('11:00'))
  deleted.runUntil('11:06')
  await answers(
    t,
    deleted,
    'yes_ended',
    'Yes, but it was ended: the run of 11:00 UTC started 11:00:02, 2 s after its time, and was deleted 11:05:00; its Job or pod was deleted by hand.',
  )
  const evicted = new World()
  evicted.addCronJob('0 * * * *')
  evicted.plan = () => ({ startsAfter: 2, runsFor: 1000 })
  evicted.runUntil('11:05')
  const [pod] = evicted.podsOf(evicted.jobOf('11:00'))
  if (pod !== undefined) {
    evicted.changePod(pod, { disruption: { status: 'True', reason: 'EvictionByEvictionAPI' }, phase: 'Failed' })
  }
  evicted.runUntil('11:06')
  await answers(
    t,
    evicted,
    'yes_ended',
    'Yes, but it was ended: the run of 11:00 UTC started 11:00:02, 2 s after its time, and failed 11:05:01; the cluster ended it (EvictionByEvictionAPI).',
  )
})

test('yes, but late or held back', async (t) => {
  const late = new World()
  late.addCronJob('0 * * * *')
  late.plan = () => ({ startsAfter: 1300, runsFor: 10 })
  late.runUntil('11:30')
  await answers(
    t,
    late,
    'yes_late',
    'Yes, but late: the run of 11:00 UTC started 11:21:40, 21 min 40 s after its time (its objective is 20 min), and completed 11:21:51.',
  )
  const held = new World()
  held.addCronJob('0 * * * *')
  held.jobsAreSuspended = true
  held.runUntil('11:30')
  await answers(t, held, 'held', 'Held: the run of 11:00 UTC has been held back on purpose for 30 min.')
  held.resumeJob(held.jobOf('11:00'))
  held.runUntil('11:31')
  await answers(
    t,
    held,
    'yes_held',
    'Yes, but held back on purpose: the run of 11:00 UTC started 11:30:03, 30 min 3 s after its time, and completed 11:30:14.',
  )
})

test('not yet, and no, with the cause', async (t) => {
  const world = new World()
  world.addCronJob('0 * * * *')
  world.plan = () => ({ startsAfter: undefined, runsFor: 0, waiting: 'ImagePullBackOff' })
  world.runUntil('11:10')
  await answers(
    t,
    world,
    'not_yet',
    "Not yet: the run of 11:00 UTC has not started; it has waited for 10 min because its image can't be pulled. It is late after 11:20.",
  )
  world.runUntil('11:25')
  await answers(
    t,
    world,
    'no',
    "No: the run of 11:00 UTC has not started; it has waited for 25 min because its image can't be pulled.",
  )
  world.runUntil('12:05')
  await answers(
    t,
    world,
    'no',
    "No: 2 runs have not started; the oldest, of 11:00 UTC, has waited for 1 h 5 min because its image can't be pulled.",
  )
  world.plan = (tick) => ({ startsAfter: tick % 7200 === 0 ? 2 : undefined, runsFor: 10, waiting: 'ImagePullBackOff' })
  world.runUntil('12:06')
  const { did, answer } = await askJson(viewOf(world), backup)
  t.equal(did, 'yes')
  t.match(answer, /\. An older run has not started, and has waited for 1 h 6 min because its image can't be pulled\.$/)
})

test('lost, skipped and not known', async (t) => {
  const deadline = new World()
  deadline.addCronJob('0 * * * *', { deadline: 100 })
  deadline.isControllerUp = false
  deadline.runUntil('11:30')
  await answers(
    t,
    deadline,
    'lost',
    'Lost: the run of 11:00 UTC never started: no Job was made within its startingDeadlineSeconds of 100.',
  )
  const never = new World()
  never.addCronJob('0 * * * *')
  never.jobDeadline = 600
  never.plan = () => ({ startsAfter: undefined, runsFor: 0 })
  never.runUntil('11:30')
  const { job } = ((await askJson(viewOf(never), backup))['runs'] as { job: string }[])[0] ?? { job: '' }
  await answers(
    t,
    never,
    'lost',
    `Lost: the run of 11:00 UTC never started: its Job ${job} ended before any container started.`,
  )
  const forbid = new World()
  forbid.addCronJob('*/10 * * * *', { policy: 'Forbid', deadline: 30 })
  forbid.plan = () => ({ startsAfter: 2, runsFor: 1100 })
  forbid.runUntil('10:25')
  await answers(
    t,
    forbid,
    'skipped',
    'Skipped: the run of 10:20 UTC was not started, as a run before it had not ended and concurrencyPolicy is Forbid.',
  )
})

test('while Forbid holds a run up, the way leads to the run that holds it up', async (t) => {
  const world = new World()
  world.addCronJob('*/30 * * * *', { policy: 'Forbid' })
  world.plan = () => ({ startsAfter: 2, runsFor: 5000 })
  world.runUntil('11:25')
  await answers(
    t,
    world,
    'no',
    'No: the run of 11:00 UTC has not started; it has waited for 25 min because a run before it has not ended, and concurrencyPolicy is Forbid.',
  )
  const [first] = world.jobs.values()
  t.strictSame((await askJson(viewOf(world), backup))['commands'], [
    'kubectl -n default describe cronjob backup',
    `kubectl -n default describe job ${first?.name}`,
    `kubectl -n default describe pods -l batch.kubernetes.io/job-name=${first?.name}`,
    `kubectl -n default logs -l batch.kubernetes.io/job-name=${first?.name} --all-containers --prefix --tail=50`,
  ])
})

test('when none has come due', async (t) => {
  const fresh = new World()
  const cronJob = fresh.addCronJob('0 3 * * *')
  fresh.runUntil('11:00')
  await answers(
    t,
    fresh,
    'none_due',
    'No run has come due since it is watched; the first one is due 2026-09-02 03:00 UTC, in 16 h.',
  )
  fresh.editCronJob(cronJob, { suspended: true })
  await answers(t, fresh, 'suspended', 'Suspended: no run is due, and none was seen before.')
  const never = new World()
  const invalid = never.addCronJob('0 * * * *')
  Object.assign(invalid, { text: '0 0 31 2 *' })
  never.tellCronJob(invalid)
  never.runUntil('11:30')
  await answers(t, never, 'invalid', 'Never: its schedule "0 0 31 2 *" names no day that there is.')
})
