// SPDX-License-Identifier: Apache-2.0
import { defineMetrics, type SetSample, stateModule } from '@leadline/kit'
import { clusterReasons } from '../judge/cluster-kill.ts'
import { killers, lostReasons, verdicts } from '../judge/verdict.ts'
import type { Counts } from '../tally/counts.ts'
import { cronJobKey } from '../tally/tally.ts'
import type { Known } from './known.ts'
import { ofCronJob, type Subject, subjectsOf } from './subject.ts'

const judged = 'CronJobs, Jobs and pods of Jobs, as their watches tell them, and the schedule'

/** Rows of the runs collector. */
export const runsMetrics = defineMetrics({
  cronjob_runs_total: {
    type: 'counter',
    help: 'Due times of CronJobs by their final verdict: on_time, late (started after the objective), lost (never started), skipped (by concurrencyPolicy Forbid), held (back on purpose), unknown (nothing proves what became of it).',
    labels: { ...ofCronJob, verdict: verdicts.join(', ') },
    source: judged,
  },
  cronjob_runs_lost_total: {
    type: 'counter',
    help: 'Due times whose run never started, by what barred it: deadline (startingDeadlineSeconds), superseded (a newer one was started), name_clash (its Job name was taken), create_refused (its Job was), never_ran (no container of its Job started).',
    labels: { ...ofCronJob, reason: lostReasons.join(', ') },
    source: judged,
  },
  cronjob_runs_killed_total: {
    type: 'counter',
    help: 'Runs that something ended before they ended themselves: cluster (eviction, preemption, lost node and the like), replace (concurrencyPolicy Replace), policy (a deadline), hand (deleted for no reason that is told).',
    labels: { ...ofCronJob, by: killers.join(', ') },
    source: judged,
  },
  cronjob_runs_killed_by_cluster_total: {
    type: 'counter',
    help: 'Runs that the cluster ended, by the reason that the pod tells; absent for reasons that did not occur.',
    labels: {
      namespace: ofCronJob.namespace,
      reason: `the ${clusterReasons.length} reasons: ${clusterReasons.join(', ')}`,
    },
    source: 'condition DisruptionTarget and status.reason of pods',
  },
})

type Set = SetSample<typeof runsMetrics>

const none: Counts = new Map()

/** Tells what became of the runs. All outcomes of a CronJob are there from the first, so that a first loss is an increase. */
export const runs = (known: Known) =>
  stateModule({
    name: 'runs',
    metrics: runsMetrics,
    tell(set) {
      const tally = known.tally()
      if (tally === undefined) return
      const cronJobs = [...known.cronJobs()]
      const isRolledUp = known.isRolledUp(cronJobs.length)
      for (const [subject] of subjectsOf(cronJobs, isRolledUp)) {
        const { namespace, cronjob } = subject
        const counts = isRolledUp ? tally.namespaces.get(namespace) : tally.cronJobs.get(cronJobKey(namespace, cronjob))
        setCounts(subject, counts ?? none, set)
      }
      for (const [namespace, counts] of tally.namespaces) setReasons(namespace, counts, set)
    },
  })

function setCounts(subject: Subject, counts: Counts, set: Set): void {
  const { namespace, cronjob } = subject
  for (const verdict of verdicts) {
    set('cronjob_runs_total', counts.get(`verdict ${verdict}`) ?? 0, { namespace, cronjob, verdict })
  }
  for (const reason of lostReasons) {
    set('cronjob_runs_lost_total', counts.get(`lost ${reason}`) ?? 0, { namespace, cronjob, reason })
  }
  for (const by of killers) {
    set('cronjob_runs_killed_total', counts.get(`killed ${by}`) ?? 0, { namespace, cronjob, by })
  }
}

function setReasons(namespace: string, counts: Counts, set: Set): void {
  for (const reason of clusterReasons) {
    const count = counts.get(`cluster ${reason}`)
    if (count !== undefined) set('cronjob_runs_killed_by_cluster_total', count, { namespace, reason })
  }
}
