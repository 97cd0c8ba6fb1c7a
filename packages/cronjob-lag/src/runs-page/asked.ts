// SPDX-License-Identifier: Apache-2.0
import { zoneClock } from '@leadline/kit'
import type { JudgedCronJob } from '../judge/judge.ts'
import type { Asked } from './answer.ts'
import type { RunsView } from './view.ts'

/** What is known of a CronJob now. */
export function askedOf(cronJob: JudgedCronJob, view: RunsView): Asked {
  const now = view.now()
  const { facts } = cronJob
  return {
    facts,
    now,
    open: cronJob.openState(now),
    runs: cronJob.runs(),
    objectiveSeconds: view.objectiveSecondsOf(facts),
    clock: zoneClock(facts.timeZone ?? facts.controllerTimeZone ?? 'UTC'),
  }
}
