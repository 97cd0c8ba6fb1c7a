// SPDX-License-Identifier: Apache-2.0
import { defineMetrics, type SetSample, stateModule } from '@leadline/kit'
import { type Cause, causes } from '../judge/cause.ts'
import type { OpenState } from '../judge/open-state.ts'
import { invalidReasons } from '../schedule.ts'
import type { Known } from './known.ts'
import { ofCronJob, type Subject, subjectsOf } from './subject.ts'

/** Rows of the waiting collector. */
export const waitingMetrics = defineMetrics({
  cronjob_cronjobs: {
    type: 'gauge',
    help: 'CronJobs of a namespace; absent while the exporter is blind, as all series of this collector are.',
    labels: { namespace: ofCronJob.namespace },
    source: 'watch of CronJobs',
  },
  cronjob_open_lag_seconds: {
    type: 'gauge',
    help: 'Seconds since the oldest due time whose run has not started, without those in which it was held; 0 when none waits. Of a namespace: the greatest.',
    labels: ofCronJob,
    source: "the schedule, the first start of a container, and the API server's clock",
  },
  cronjob_open_lag_cause: {
    type: 'gauge',
    help: 'CronJobs whose oldest due run waits for this cause; absent when none does.',
    labels: { ...ofCronJob, cause: `the ${causes.length} causes: ${causes.join(', ')}` },
    source: 'Job, pods and events of the run that waits longest',
  },
  cronjob_open_lag_ratio: {
    type: 'gauge',
    help: 'Share of its objective that the oldest due run of a CronJob has waited, without what it was held, by why it waits; absent when none does. Of a namespace: the greatest.',
    labels: { ...ofCronJob, cause: 'as of cronjob_open_lag_cause' },
    source: 'cronjob_open_lag_seconds and cronjob_objective_seconds of each CronJob',
  },
  cronjob_open_held_seconds: {
    type: 'gauge',
    help: 'Seconds for which the longest held run has been held back on purpose, by a suspended Job or scheduling gates; absent when none is.',
    labels: ofCronJob,
    source: 'Job spec.suspend, pod condition PodScheduled with reason SchedulingGated',
  },
  cronjob_next_run_timestamp_seconds: {
    type: 'gauge',
    help: 'Unix time of the next due time; absent while suspended and without a valid schedule. Of a namespace: the first.',
    labels: ofCronJob,
    source: 'spec.schedule and spec.timeZone, read as Kubernetes does',
  },
  cronjob_suspended: {
    type: 'gauge',
    help: 'CronJobs that are suspended: 1 or 0 for a single one.',
    labels: ofCronJob,
    source: 'spec.suspend',
  },
  cronjob_schedule_invalid: {
    type: 'gauge',
    help: 'CronJobs that will never run: unparseable, unknown_zone, impossible (a date that never comes); absent when none is.',
    labels: { ...ofCronJob, reason: invalidReasons.join(', ') },
    source: 'spec.schedule and spec.timeZone, read as Kubernetes does',
  },
  cronjob_objective_seconds: {
    type: 'gauge',
    help: 'Seconds after its due time within which a run must start to be on time. Of a namespace: the shortest.',
    labels: ofCronJob,
    source: 'annotation leadline.dev/objective of the CronJob or its namespace, else the config',
  },
})

type Set = SetSample<typeof waitingMetrics>

/** Tells what CronJobs wait for now. What may be out of date is not told. */
export const waiting = (known: Known) =>
  stateModule({
    name: 'waiting',
    metrics: waitingMetrics,
    tell(set) {
      if (known.isBlind()) return
      const cronJobs = [...known.cronJobs()]
      const now = known.now()
      for (const [{ namespace }, members] of subjectsOf(cronJobs, true)) {
        set('cronjob_cronjobs', members.length, { namespace })
      }
      for (const [subject, members] of subjectsOf(cronJobs, known.isRolledUp(cronJobs.length))) {
        const states = members.map((one) => one.openState(now))
        const objectives = members.map(({ facts }) => known.objectiveSecondsOf(facts))
        setStates(subject, states, set)
        setRatios(subject, states, objectives, set)
        set('cronjob_objective_seconds', Math.min(...objectives), { ...subject })
      }
    },
  })

function setStates(subject: Subject, states: readonly OpenState[], set: Set): void {
  const labels = { ...subject }
  set('cronjob_open_lag_seconds', Math.max(...states.map(({ lagSeconds }) => lagSeconds)), labels)
  set('cronjob_suspended', states.filter(({ isSuspended }) => isSuspended).length, labels)
  const held = states.flatMap(({ heldSeconds }) => heldSeconds ?? [])
  if (held.length > 0) set('cronjob_open_held_seconds', Math.max(...held), labels)
  const next = states.flatMap(({ nextTick }) => nextTick ?? [])
  if (next.length > 0) set('cronjob_next_run_timestamp_seconds', Math.min(...next), labels)
  for (const [cause, count] of tallied(states.flatMap(({ cause: one }) => one ?? []))) {
    set('cronjob_open_lag_cause', count, { ...labels, cause })
  }
  for (const [reason, count] of tallied(states.flatMap(({ invalid }) => invalid ?? []))) {
    set('cronjob_schedule_invalid', count, { ...labels, reason })
  }
}

function setRatios(subject: Subject, states: readonly OpenState[], objectives: readonly number[], set: Set): void {
  const greatest = new Map<Cause, number>()
  for (const [i, { cause, lagSeconds }] of states.entries()) {
    const ratio = lagSeconds / (objectives[i] ?? lagSeconds)
    if (cause !== undefined) greatest.set(cause, Math.max(ratio, greatest.get(cause) ?? 0))
  }
  for (const [cause, ratio] of greatest) set('cronjob_open_lag_ratio', ratio, { ...subject, cause })
}

function tallied<T>(all: readonly T[]): ReadonlyMap<T, number> {
  const counts = new Map<T, number>()
  for (const one of all) counts.set(one, (counts.get(one) ?? 0) + 1)
  return counts
}
