// SPDX-License-Identifier: Apache-2.0
import tap, { test } from 'tap'
import { goesBlind, neededKinds, staleKinds, warningsOf } from '../servers/blindness.ts'
import { makeCronJob } from '../servers/cron-jobs.ts'
import { judges, startOne } from '../servers/judging.ts'
import { runsOf, startPlane } from '../servers/lab.ts'

const fileSeconds = 295
tap.setTimeout(fileSeconds * 1000)

/** That of usualWatchTimes, and a little for asking. */
const silentSeconds = 180 + 5

test('an exporter whose network falls silent', { timeout: fileSeconds * 1000 }, async (group) => {
  const plane = await startPlane(group, { proxy: true })
  if (!plane) return
  const { admin, proxy } = plane
  const user = await plane.addUser('reader', [
    { apiGroups: ['batch'], resources: ['cronjobs', 'jobs'], verbs: ['list', 'watch'] },
    { apiGroups: [''], resources: ['pods', 'events', 'namespaces'], verbs: ['list', 'watch'] },
  ])
  await makeCronJob(admin, 'each-minute')
  const exporter = await startOne(group, `--kubeconfig=${user.kubeconfig}`)
  await judges(exporter)
  await exporter.shows('a verdict', 90, (page) => runsOf(page, 'each-minute')['on_time'] === 1)

  await group.test('check 25: silence is told within 3 minutes, and is no loss', async (t) => {
    proxy.silence()
    const page = await goesBlind(t, exporter, silentSeconds)
    t.ok(neededKinds.some((kind) => staleKinds(page).includes(kind)))
    for (const kind of staleKinds(page)) {
      const failures = warningsOf(exporter, kind).map((line) => /failure=(\w+)/.exec(line)?.[1])
      t.ok(failures.length > 0, `a line about ${kind}`)
      t.strictSame(failures, [...new Set(failures)], 'and none twice: silence, then the next watch that does not open')
    }
    t.strictSame(runsOf(page, 'each-minute'), { on_time: 1 }, 'no run is lost that could not be seen')
    proxy.restore()
    const after = await judges(exporter, 60)
    const { on_time: onTime = 0, ...others } = runsOf(after, 'each-minute')
    t.ok(onTime >= 1)
    t.strictSame(others, {})
  })
})
