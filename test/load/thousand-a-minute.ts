// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import { startControlPlane } from '../../packages/kube/test/control-plane/control-plane.ts'
import { cpuSeconds, peakRssBytes } from '../bench/usage.ts'
import { startLeadline } from '../servers/exporter.ts'
import { until } from '../servers/until.ts'
import { createdJobs } from './audit.ts'
import { makeFleet } from './fleet.ts'
import { toldRuns } from './verdicts.ts'

const namespaces = 20
const cronJobs = 1000
const minutes = 10
/** How much longer the last verdicts may take: a due time is lost once a later one of its CronJob was started. */
const patienceSeconds = 900

/** The limits of a stock controller manager, and such as a large cluster would set. */
const managers = {
  stock: { controllerManager: [], scheduler: [] },
  raised: {
    controllerManager: [
      '--kube-api-qps=1000',
      '--kube-api-burst=2000',
      '--concurrent-cron-job-syncs=50',
      '--concurrent-job-syncs=50',
    ],
    scheduler: ['--kube-api-qps=1000', '--kube-api-burst=2000'],
  },
} as const

for (const [name, flags] of Object.entries(managers)) {
  test(`1,000 CronJobs a minute on a ${name} controller manager`, { timeout: 1_800_000 }, async (t) => {
    const plane = await startControlPlane(t, {
      ...flags,
      apiServer: ['--max-requests-inflight=2000', '--max-mutating-requests-inflight=1000'],
      nodes: 5,
      audit: true,
    })
    if (!plane || plane.auditLog === undefined) return
    const exporter = await startLeadline(t, {
      args: ['cronjob-lag', `--kubeconfig=${plane.kubeconfig}`],
      prefix: 'cronjob_',
    })
    const fleet = await makeFleet(plane.admin, { namespaces, each: cronJobs / namespaces, schedule: '* * * * *' })
    // From the first full minute in which all are there.
    const first = Math.ceil(Date.now() / 60_000) * 60
    const last = first + (minutes - 1) * 60
    const begunAt = Date.now()
    const cpuBefore = cpuSeconds(exporter.pid)
    await waitUntil(last + 60)
    const ofWindow = async () =>
      (await toldRuns(exporter.url, fleet)).filter(({ tick }) => tick >= first && tick <= last)
    await until(
      'all verdicts',
      async () => (await ofWindow()).every(({ verdict }) => verdict !== undefined) || undefined,
      patienceSeconds,
      10,
    )
    const cores = (cpuSeconds(exporter.pid) - cpuBefore) / ((Date.now() - begunAt) / 1000)
    // What was created up to now, after what was told: what is told as lost must not be among it.
    const told = await ofWindow()
    const created = await createdJobs(plane.auditLog)

    const byVerdict = new Map<string, number>()
    for (const { verdict, reason } of told) {
      const key = [verdict, reason].filter(Boolean).join(' ')
      byVerdict.set(key, (byVerdict.get(key) ?? 0) + 1)
    }
    t.comment(`${name}: ${JSON.stringify(Object.fromEntries(byVerdict))}`)
    t.comment(
      `CPU ${(cores * 100).toFixed(1)} % of a core, peak RSS ${(peakRssBytes(exporter.pid) / 1e6).toFixed(0)} MB`,
    )
    t.equal(told.length, cronJobs * minutes, 'each due time is told once')
    const isCreated = ({ namespace, name: cronJob, tick }: (typeof told)[number]): boolean =>
      created.has(`${namespace}/${cronJob}-${tick / 60}`)
    const lost = told.filter(({ verdict }) => verdict === 'lost')
    const missing = told.filter((run) => !isCreated(run))
    t.strictSame(lost, missing, 'lost are exactly those whose Job the API server never created')
    t.strictSame(
      told.filter(({ verdict }) => verdict !== 'lost' && verdict !== 'on_time'),
      [],
      'nothing is told otherwise',
    )
    if (name === 'raised') t.equal(byVerdict.get('on_time'), cronJobs * minutes, 'all are on time')
  })
}

async function waitUntil(unixSeconds: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, unixSeconds * 1000 - Date.now()))
}
