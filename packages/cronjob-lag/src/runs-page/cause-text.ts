// SPDX-License-Identifier: Apache-2.0
import type { Cause } from '../judge/cause.ts'
import type { RunRecord } from '../judge/run-record.ts'
import type { Kill, LostReason } from '../judge/verdict.ts'
import type { CronJobFacts } from '../objects/cron-job.ts'
import type { InvalidReason } from '../schedule.ts'

/** Why a run has not started, as it follows "because". */
export const causeTexts: Readonly<Record<Cause, string>> = {
  not_created: 'the CronJob controller has not made its Job',
  create_refused: 'the API server refuses its Job, as a quota or an admission webhook does',
  name_clash: 'another Job has the name that its Job would get',
  forbid: 'a run before it has not ended, and concurrencyPolicy is Forbid',
  suspended: 'the CronJob is suspended',
  held: 'it is held back on purpose',
  pod_not_created: 'the Job controller has not made its pod',
  pod_create_refused: 'the API server refuses its pod, as a quota or an admission webhook does',
  retrying: 'its pods so far ended before a container started, and the next one is not there',
  unscheduled: 'the scheduler has found no node for its pod',
  kubelet: 'the node of its pod has not taken it up',
  init: 'its init containers have not finished',
  image_pull: "its image can't be pulled",
  container_create: "its container can't be created, as when a ConfigMap or Secret is missing",
  starting: 'its container is being started',
}

/** Why a run was lost, as it follows a colon. */
export function lostText(reason: LostReason, { job }: RunRecord, facts: CronJobFacts): string {
  const deadline = facts.startingDeadlineSeconds
  const texts: Readonly<Record<LostReason, string>> = {
    deadline: `no Job was made within its startingDeadlineSeconds${deadline === undefined ? '' : ` of ${deadline}`}`,
    superseded: 'no Job was made before a newer run took its turn',
    name_clash: causeTexts.name_clash,
    create_refused: 'the API server refused its Job, as a quota or an admission webhook does',
    never_ran: `its Job${job === undefined ? '' : ` ${job}`} ended before any container started`,
  }
  return texts[reason]
}

/** Who ended a run, as a clause of its own. */
export function killText({ by, reason }: Kill): string {
  if (by === 'cluster') return `the cluster ended it${reason === undefined ? '' : ` (${reason})`}`
  if (by === 'replace') return 'a newer run replaced it, since concurrencyPolicy is Replace'
  return by === 'policy' ? 'its own deadline ended it' : 'its Job or pod was deleted by hand'
}

/** What is wrong with a schedule, as it follows "its schedule". */
export const invalidTexts: Readonly<Record<InvalidReason, string>> = {
  unparseable: "can't be understood",
  unknown_zone: 'is in a time zone that is not known',
  impossible: 'names no day that there is',
}
