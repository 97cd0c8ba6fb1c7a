// SPDX-License-Identifier: Apache-2.0
import tap, { test } from 'tap'
import type { Page } from '../../../../test/servers/page.ts'
import { clusterReasons } from '../../src/judge/cluster-kill.ts'
import { type CronJobPlan, jobPath, makeCronJob } from '../servers/cron-jobs.ts'
import { runsOf, startLab } from '../servers/lab.ts'
import { dueAt, minuteAhead, reach, secondsTo } from '../servers/minutes.ts'
import { bringNews, judgedUntil } from '../servers/news.ts'
import { type Pod, podIn, podPath, sayAsKubelet } from '../servers/pods.ts'
import { readTogether } from '../servers/together.ts'

const fileSeconds = 290
tap.setTimeout(fileSeconds * 1000)

interface Case {
  readonly title: string
  /** Of the CronJob and of its namespace. */
  readonly name: string
  readonly plan?: CronJobPlan
  /** Phase in which its pod is waited for; Running when it is not given. */
  readonly phase?: string
  /** Ends the run of this pod, when it does not end by itself. */
  readonly end?: (pod: Pod) => Promise<unknown>
  readonly expected: Readonly<Record<string, number>>
  readonly reasons?: Readonly<Record<string, number>>
}

const byCluster = { on_time: 1, 'killed cluster': 1 }
const noRetry = { backoffLimit: 0 }

test('runs that are ended while they go on', { timeout: fileSeconds * 1000 }, async (group) => {
  group.jobs = 20
  const lab = await startLab(group, {
    nodes: 4,
    controllerManager: ['--controllers=taint-eviction-controller,node-lifecycle-controller'],
  })
  if (!lab) return
  const { plane, exporter } = lab
  const { admin } = plane
  readTogether(exporter)

  const disrupted = { type: 'DisruptionTarget', status: 'True', reason: 'TerminationByKubelet' } as const
  const evict = (pod: Pod): Promise<unknown> =>
    admin.create(podPath(pod, 'eviction'), { apiVersion: 'policy/v1', kind: 'Eviction', metadata: pod.metadata })
  const fail = (reason: string, isDisrupted: boolean) => (pod: Pod) =>
    sayAsKubelet(admin, pod, { phase: 'Failed', reason }, isDisrupted ? disrupted : undefined)

  const cases: readonly Case[] = [
    {
      title: 'an eviction is a kill by the cluster',
      name: 'evicted',
      end: evict,
      expected: byCluster,
      reasons: { EvictionByEvictionAPI: 1 },
    },
    {
      title: 'preemption by the scheduler is a kill by the cluster',
      name: 'preempted',
      plan: on('node-4', { containers: asking(40) }),
      async end() {
        await admin.create('/apis/scheduling.k8s.io/v1/priorityclasses', { metadata: { name: 'urgent' }, value: 1000 })
        await admin.create('/api/v1/namespaces/default/pods', {
          metadata: { name: 'urgent' },
          spec: { ...on('node-4').podSpec, priorityClassName: 'urgent', containers: asking(40) },
        })
      },
      expected: byCluster,
      reasons: { PreemptionByScheduler: 1 },
    },
    {
      title: 'the end of its node is a kill by the cluster',
      name: 'node-gone',
      plan: on('node-2'),
      end: () => admin.delete('/api/v1/nodes/node-2'),
      expected: byCluster,
      reasons: { DeletionByPodGC: 1 },
    },
    {
      title: 'a NoExecute taint is a kill by the cluster',
      name: 'tainted',
      plan: on('node-3'),
      end: () =>
        admin.patch('/api/v1/nodes/node-3', { spec: { taints: [{ key: 'example.com/out', effect: 'NoExecute' }] } }),
      expected: byCluster,
      reasons: { DeletionByTaintManager: 1 },
    },
    {
      title: 'the shutdown of its node is a kill by the cluster',
      name: 'node-shut-down',
      end: fail('Terminated', true),
      expected: byCluster,
      reasons: { TerminationByKubelet: 1 },
    },
    {
      title: 'the pressure on its node is a kill by the cluster',
      name: 'node-under-pressure',
      end: fail('Evicted', true),
      expected: byCluster,
      reasons: { TerminationByKubelet: 1 },
    },
    {
      title: 'a run whose kubelet refuses it was never run, and is killed by the cluster',
      name: 'refused',
      plan: { podAnnotations: { 'leadline.test/fate': 'never-starts' }, jobSpec: noRetry },
      phase: 'Pending',
      end: fail('OutOfcpu', false),
      expected: { lost: 1, 'lost never_ran': 1, 'killed cluster': 1 },
      reasons: { OutOfcpu: 1 },
    },
    {
      title: 'an eviction that is called off is no kill',
      name: 'called-off',
      async end(pod) {
        await sayAsKubelet(admin, pod, {}, { ...disrupted, reason: 'EvictionByEvictionAPI' })
        await sayAsKubelet(admin, pod, {}, { ...disrupted, reason: 'EvictionByEvictionAPI', status: 'False' })
      },
      expected: { on_time: 1 },
    },
    {
      title: 'its own disk limit is no kill',
      name: 'own-limit',
      plan: { jobSpec: noRetry },
      end: fail('Evicted', false),
      expected: { on_time: 1 },
    },
    {
      title: 'its own memory limit is no kill',
      name: 'own-memory',
      plan: { jobSpec: noRetry },
      end: (pod) => sayAsKubelet(admin, pod, { phase: 'Failed', containerStatuses: [outOfMemory()] }),
      expected: { on_time: 1 },
    },
    {
      title: 'exit code 1 is no kill',
      name: 'exit-code-1',
      plan: { podAnnotations: { 'leadline.test/fate': 'fails', 'leadline.test/runs-for': '1s' }, jobSpec: noRetry },
      phase: 'Failed',
      expected: { on_time: 1 },
    },
    {
      title: 'a pod that somebody deletes is a kill by hand',
      name: 'pod-deleted',
      end: (pod) => admin.delete(podPath(pod)),
      expected: { on_time: 1, 'killed hand': 1 },
    },
    {
      title: 'a Job that somebody deletes is a kill by hand',
      name: 'job-deleted',
      end: () => admin.delete(jobPath(`job-deleted-${due / 60}`, 'job-deleted')),
      expected: { on_time: 1, 'killed hand': 1 },
    },
    {
      title: 'the deadline of a Job is a kill by policy',
      name: 'overdue',
      plan: { jobSpec: { activeDeadlineSeconds: 20 } },
      expected: { on_time: 1, 'killed policy': 1 },
    },
  ]

  const due = await minuteAhead(15)
  await bringNews(group, admin)
  await Promise.all(
    cases.map(async ({ name, plan = on('node-1') }) => {
      await admin.create('/api/v1/namespaces', { metadata: { name } })
      const podAnnotations = { 'leadline.test/runs-for': '10m', ...plan.podAnnotations }
      const podSpec = { ...on('node-1').podSpec, ...plan.podSpec }
      await makeCronJob(admin, name, { ...dueAt(due), ...plan, namespace: name, podAnnotations, podSpec })
    }),
  )
  group.ok(secondsTo(due) > 0, 'all are there before they are due')

  const checks = cases.map(({ title, name, phase = 'Running', end, expected, reasons = {} }) =>
    group.test(`check 16: ${title}`, { buffered: true }, async (t) => {
      await reach(due)
      const pod = await podIn(admin, name, phase)
      if (phase === 'Running') {
        await exporter.shows(`${name} to start`, 40, (page) => runsOf(page, name, name)['on_time'] === 1)
      }
      await end?.(pod)
      const isSo = (page: Page): boolean =>
        Object.entries(expected).every(([count, value]) => runsOf(page, name, name)[count] === value)
      await exporter.shows(`what became of ${name}`, 110, isSo)
      const page = await judgedUntil(exporter, Date.now() / 1000)
      t.strictSame(runsOf(page, name, name), expected)
      t.strictSame(reasonsOf(page, name), reasons)
    }),
  )
  await Promise.all(checks)
})

/** For which reasons the cluster has ended how many runs of a namespace. */
function reasonsOf(page: Page, namespace: string): Readonly<Record<string, number>> {
  const counts = clusterReasons.map((reason): [string, number] => [
    reason,
    page.value('cronjob_runs_killed_by_cluster_total', { namespace, reason }) ?? 0,
  ])
  return Object.fromEntries(counts.filter(([, count]) => count > 0))
}

function outOfMemory(): object {
  const at = new Date().toISOString()
  const terminated = { exitCode: 137, reason: 'OOMKilled', startedAt: at, finishedAt: at }
  const image = 'example.invalid/none:1'
  return { name: 'main', image, imageID: '', ready: false, restartCount: 0, state: { terminated } }
}

/** What is to run on one node. */
function on(node: string, more: object = {}): CronJobPlan {
  return { podSpec: { nodeSelector: { 'kubernetes.io/hostname': node }, ...more } }
}

function asking(cpu: number): readonly object[] {
  return [{ name: 'main', image: 'example.invalid/none:1', resources: { requests: { cpu } } }]
}
