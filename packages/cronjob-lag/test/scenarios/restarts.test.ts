// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path'
import tap, { test } from 'tap'
import type { Exporter } from '../../../../test/servers/exporter.ts'
import { makeFolder } from '../../../../test/servers/folder.ts'
import type { Page } from '../../../../test/servers/page.ts'
import { until } from '../../../../test/servers/until.ts'
import type { Rule } from '../../../kube/test/control-plane/users.ts'
import { makeCronJob } from '../servers/cron-jobs.ts'
import { activeOf, isJudging, judges, startOne } from '../servers/judging.ts'
import { runsOf, startPlane } from '../servers/lab.ts'
import { dueAt, minuteAhead, reach, secondsTo } from '../servers/minutes.ts'
import { bringNews, judgedUntil } from '../servers/news.ts'
import { podIn, podPath } from '../servers/pods.ts'
import { refuse } from '../servers/quota.ts'

const fileSeconds = 300
tap.setTimeout(fileSeconds * 1000)

/** CronJobs that are never due, so that a set that is not whole shows. */
const idle = 100

const reader: readonly Rule[] = [
  { apiGroups: ['batch'], resources: ['cronjobs', 'jobs'], verbs: ['list', 'watch'] },
  { apiGroups: [''], resources: ['pods', 'events', 'namespaces'], verbs: ['list', 'watch'] },
]

const names = ['three-times', 'waits', 'evicted', 'refused'] as const
type Name = (typeof names)[number]
type Counts = Readonly<Record<string, number>>

/** What is to be counted of three ticks. */
const truth: Readonly<Record<Name, Counts>> = {
  'three-times': { on_time: 3 },
  waits: {},
  evicted: { on_time: 1, 'killed cluster': 1 },
  refused: { lost: 3, 'lost create_refused': 3 },
}

test('exporters that come and go', { timeout: fileSeconds * 1000 }, async (group) => {
  group.jobs = 8
  const plane = await startPlane(group, { proxy: true })
  if (!plane) return
  const { admin, apiServer, proxy } = plane
  for (const name of ['evicted', 'refused', 'idle']) await admin.create('/api/v1/namespaces', { metadata: { name } })
  await refuse(admin, 'refused', 'count/jobs.batch')
  await bringNews(group, admin)
  const user = await plane.addUser('reader', reader)
  await Promise.all(
    Array.from({ length: idle }, (_, i) =>
      makeCronJob(admin, `idle-${i}`, { namespace: 'idle', schedule: '0 0 1 1 *', spec: { timeZone: 'Etc/UTC' } }),
    ),
  )

  const asAdmin = `--kubeconfig=${plane.kubeconfig}`
  const folder = await makeFolder('cronjob-lag-state')
  group.teardown(() => folder.remove())
  const fileFlags = [asAdmin, `--state.file=${join(folder.path, 'state')}`]
  const replicaFlags = [asAdmin, '--state.config-map=default/lag', '--lease=default/lag']
  const [cut, keeper, ...replicas] = await Promise.all([
    startOne(group, `--kubeconfig=${user.kubeconfig}`),
    startOne(group, ...fileFlags),
    startOne(group, ...replicaFlags),
    startOne(group, ...replicaFlags),
  ])
  await Promise.all([judges(cut), judges(keeper)])

  const first = await minuteAhead(20)
  const [second, third] = [first + 60, first + 120]
  const end = third + 10
  const neverStarts = { podAnnotations: { 'leadline.test/fate': 'never-starts' } }
  const thrice = dueAt(first, second, third)
  await Promise.all([
    makeCronJob(admin, 'three-times', thrice),
    makeCronJob(admin, 'waits', { ...dueAt(first), ...neverStarts }),
    makeCronJob(admin, 'evicted', {
      ...dueAt(first),
      namespace: 'evicted',
      podAnnotations: { 'leadline.test/runs-for': '10m' },
    }),
    makeCronJob(admin, 'refused', {
      ...thrice,
      namespace: 'refused',
      spec: { ...thrice.spec, startingDeadlineSeconds: 10 },
    }),
  ])
  group.ok(secondsTo(first) > 0, 'all are there before they are due')

  /** Waits until all three ticks are judged. */
  const inTheEnd = async (exporter: Exporter): Promise<Page> => {
    await reach(end)
    return judgedUntil(exporter, end)
  }

  const shown = { cut: new Map(), keeper: new Map(), replicas: new Map() }
  const follow = (exporter: Exporter, before: Map<string, number>): void => checkCounts(exporter, first, before)
  follow(cut, shown.cut)
  follow(keeper, shown.keeper)
  for (const replica of replicas) follow(replica, shown.replicas)

  const apiServerBack = Promise.withResolvers<void>()
  const checks = [
    group.test(
      'check 18: watches that are cut over a tick, and then are too old to go on, change no verdict and no set',
      { buffered: true },
      async (t) => {
        cut.never('a set is not whole', (page) => {
          const count = page.value('cronjob_cronjobs', { namespace: 'idle' })
          return count !== idle && isJudging(page)
        })
        await reach(first - 5)
        proxy.cut()
        await reach(first + 10)
        proxy.restore()
        const page = await cut.shows('the run of the tick', 45, (now) => countsOf(now, 'three-times')['on_time'] === 1)
        t.equal(page.value('cronjob_watch_relists_total', { kind: 'jobs' }), 0, 'it went on where it was')
        await reach(second - 10)
        proxy.cut()
        await apiServerBack.promise
        proxy.restore()
        const kind = { kind: 'jobs' }
        const after = await cut.shows(
          'a whole set anew',
          45,
          (now) => (now.value('cronjob_watch_relists_total', kind) ?? 0) > 0,
        )
        t.ok((after.value('cronjob_watch_failures_total', { ...kind, failure: 'gone' }) ?? 0) > 0)
        t.strictSame(allOf(await inTheEnd(cut)), truth)
      },
    ),

    group.test(
      'check 18: an exporter with a state file goes on from it after SIGTERM and after SIGKILL',
      { buffered: true },
      async (t) => {
        await keeper.shows(
          'the kill',
          secondsTo(first + 40),
          (page) => countsOf(page, 'evicted')['killed cluster'] === 1,
        )
        await reach(first + 40)
        await keeper.page()
        t.equal(await keeper.stop(), 0)
        const again = await startOne(t, ...fileFlags)
        follow(again, shown.keeper)
        t.strictSame(countsOf(await judges(again), 'evicted'), truth.evicted)
        await reach(second - 8)
        await again.page()
        again.signal('SIGKILL')
        await again.stop()
        await apiServerBack.promise
        const last = await startOne(t, ...fileFlags)
        follow(last, shown.keeper)
        const page = await judges(last)
        t.ok((page.value('cronjob_open_lag_seconds', { cronjob: 'waits' }) ?? 0) > 60)
        t.strictSame(allOf(await inTheEnd(last)), truth)
      },
    ),

    group.test(
      'check 18: of two replicas one judges, and the other goes on from what it saved when it ends or is killed',
      { buffered: true },
      async (t) => {
        await until('one to judge', async () => (await activeOf(replicas)).length === 1 || undefined)
        await reach(second - 10)
        const [active, ...more] = await activeOf(replicas)
        t.strictSame(more, [], 'not both')
        const standby = replicas.find((one) => one !== active)
        if (active === undefined || standby === undefined) return
        t.equal((await standby.page()).count('cronjob_runs_total'), 0)
        active.signal('SIGKILL')
        await active.stop()
        await judges(standby, 40)
        await apiServerBack.promise
        const newcomer = await startOne(t, ...replicaFlags)
        follow(newcomer, shown.replicas)
        await judges(standby)
        await reach(second + 40)
        t.strictSame(await activeOf([standby, newcomer]), [standby])
        t.equal(await standby.stop(), 0)
        await judges(newcomer)
        t.strictSame(allOf(await inTheEnd(newcomer)), truth)
      },
    ),

    group.test(
      'check 18: one that begins anew without a state counts nothing of what was before, and sees what waits',
      { buffered: true },
      async (t) => {
        await reach(second + 20)
        await apiServerBack.promise
        const cold = await startOne(t, asAdmin)
        const page = await judges(cold)
        t.strictSame(allOf(page), { 'three-times': {}, waits: {}, evicted: {}, refused: {} })
        t.ok((page.value('cronjob_open_lag_seconds', { cronjob: 'waits' }) ?? 0) > 60)
        t.equal(page.value('cronjob_open_lag_cause', { cronjob: 'waits', cause: 'kubelet' }), 1)
        t.strictSame(allOf(await inTheEnd(cold)), {
          'three-times': { on_time: 1 },
          waits: {},
          evicted: {},
          refused: { lost: 1, 'lost create_refused': 1 },
        })
      },
    ),
  ]
  await reach(first)
  const pod = await podIn(admin, 'evicted', 'Running')
  await admin.create(podPath(pod, 'eviction'), { apiVersion: 'policy/v1', kind: 'Eviction', metadata: pod.metadata })
  await reach(second + 8)
  await apiServer.kill()
  await apiServer.start()
  apiServerBack.resolve()
  await Promise.all(checks)
})

function countsOf(page: Page, name: Name): Counts {
  return runsOf(page, name, name === 'refused' || name === 'evicted' ? name : 'default')
}

function allOf(page: Page): Readonly<Record<string, Counts>> {
  return Object.fromEntries(names.map((name) => [name, countsOf(page, name)]))
}

/**
 * Has each page throw on which a count is more than can be by now, or less than one that was shown before, by this exporter
 * or by one that it goes on from.
 */
function checkCounts(exporter: Exporter, first: number, shown: Map<string, number>): void {
  exporter.never('a count is not what it can be', (page) => {
    // Another replica judges.
    if (page.count('cronjob_runs_total') === 0) return false
    const ticks = Math.max(0, Math.floor((Date.now() / 1000 - first) / 60) + 1)
    return names.some((name) => {
      const counts = countsOf(page, name)
      const most = name === 'evicted' ? 1 : ticks
      const keys = new Set([...Object.keys(counts), ...Object.keys(truth[name])])
      return [...keys].some((key) => {
        const [count, before] = [counts[key] ?? 0, shown.get(`${name} ${key}`) ?? 0]
        shown.set(`${name} ${key}`, Math.max(count, before))
        return count < before || count > most
      })
    })
  })
}
