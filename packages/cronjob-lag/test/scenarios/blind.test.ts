// SPDX-License-Identifier: Apache-2.0
import tap, { test } from 'tap'
import type { Page } from '../../../../test/servers/page.ts'
import type { Rule } from '../../../kube/test/control-plane/users.ts'
import { goesBlind, neededKinds, staleKinds, warningsOf } from '../servers/blindness.ts'
import { makeCronJob } from '../servers/cron-jobs.ts'
import { isJudging, judges, startOne } from '../servers/judging.ts'
import { runsOf, startPlane } from '../servers/lab.ts'

const fileSeconds = 240
tap.setTimeout(fileSeconds * 1000)

/** That of usualWatchTimes, and a little for asking. */
const disconnectedSeconds = 45 + 5

const ofBatch: Rule = { apiGroups: ['batch'], resources: ['cronjobs', 'jobs'], verbs: ['list', 'watch'] }
const ofPods: Rule = { apiGroups: [''], resources: ['pods'], verbs: ['list', 'watch'] }
const ofMore: Rule = { apiGroups: [''], resources: ['events', 'namespaces'], verbs: ['list', 'watch'] }

test('exporters that lose the API server, or a right', { timeout: fileSeconds * 1000 }, async (group) => {
  const plane = await startPlane(group)
  if (!plane) return
  const { admin, apiServer } = plane
  const users = await Promise.all([
    plane.addUser('full', [ofBatch, ofPods, ofMore]),
    plane.addUser('least', [ofBatch, ofPods]),
  ])
  const [deprived, humble] = await Promise.all(
    users.map(({ kubeconfig }) => startOne(group, `--kubeconfig=${kubeconfig}`)),
  )
  const [full] = users
  if (deprived === undefined || humble === undefined) return
  await Promise.all([deprived, humble].map((one) => judges(one)))
  await makeCronJob(admin, 'each-minute')
  await deprived.shows('a verdict', 90, onTime(1))

  await group.test('check 25: without rights on events and namespaces judging goes on', async (t) => {
    const page = await humble.shows('a verdict', 10, onTime(1))
    t.strictSame(staleKinds(page), ['events', 'namespaces'])
    t.ok(isJudging(page))
    t.strictSame(runsOf(page, 'each-minute'), { on_time: 1 })
    for (const kind of ['events', 'namespaces']) {
      t.equal(warningsOf(humble, kind).length, 1)
      t.match(warningsOf(humble, kind), [/failure=forbidden/])
    }
  })

  await full.grant([ofBatch, ofMore])
  await group.test('check 25: an API server that is gone is told within 45 s', async (t) => {
    await apiServer.kill()
    const page = await goesBlind(t, deprived, disconnectedSeconds)
    const stale = await deprived.shows('all kinds', 10, (now) => staleKinds(now).length === 5)
    for (const kind of neededKinds) {
      t.ok(staleKinds(stale).includes(kind))
      t.equal(warningsOf(deprived, kind).length, 1, `one line about ${kind}`)
    }
    t.strictSame(runsOf(page, 'each-minute'), runsOf(stale, 'each-minute'))
    await humble.shows('that it is blind', 10, (now) => !isJudging(now))
    await apiServer.start()
    await judges(humble, 60)
  })

  await group.test(
    'check 25: a right on one kind that is taken away is told of that kind, and ends judging',
    async (t) => {
      // The others may be seen again before this kind is asked for the first time, and refused.
      const page = await deprived.shows(
        'that the others are seen, and this one is refused',
        60,
        (now) => staleKinds(now).length === 1 && refusals(now) > 0,
      )
      t.strictSame(staleKinds(page), ['pods'])
      t.notOk(isJudging(page))
      t.equal(page.count('cronjob_open_lag_seconds'), 0)
      t.equal(warningsOf(deprived, 'pods').filter((line) => line.includes('failure=forbidden')).length, 1)
      await full.grant([ofBatch, ofPods, ofMore])
      await judges(deprived, 60)
      await deprived.shows('another verdict', 90, onTime(2))
      const { on_time: _runs, ...others } = runsOf(await deprived.page(), 'each-minute')
      t.strictSame(others, {}, 'and nothing is lost')
    },
  )
})

/** How often the watch of pods was refused. */
function refusals(page: Page): number {
  return page.value('cronjob_watch_failures_total', { kind: 'pods', failure: 'forbidden' }) ?? 0
}

function onTime(least: number): (page: Page) => boolean {
  return (page) => (runsOf(page, 'each-minute')['on_time'] ?? 0) >= least
}
