// SPDX-License-Identifier: Apache-2.0
import { shellWord } from '@leadline/kit'
import type { RunRecord } from '../judge/run-record.ts'
import { type Asked, newestDue } from './answer.ts'

/** Lines for a shell that show more of a CronJob, of its newest due run, and of the run that is in that one's way. */
export function commandsFor(asked: Asked): readonly string[] {
  const { facts, open, runs } = asked
  const kubectl = `kubectl -n ${shellWord(facts.namespace)}`
  const newest = newestDue(asked)
  const blocking =
    open.cause === 'forbid' ? runs.findLast(({ job, result }) => job !== undefined && !result) : undefined
  const run = newest?.job === undefined ? blocking : newest
  return [
    ...(newest?.job === undefined ? [`${kubectl} describe cronjob ${shellWord(facts.name)}`] : []),
    ...(run?.job === undefined ? [] : jobCommands(kubectl, run.job, run)),
  ]
}

function jobCommands(kubectl: string, job: string, { startedAt, result }: RunRecord): readonly string[] {
  const pods = `-l ${shellWord(`batch.kubernetes.io/job-name=${job}`)}`
  return [
    `${kubectl} describe job ${shellWord(job)}`,
    ...(result === undefined ? [`${kubectl} describe pods ${pods}`] : []),
    ...(startedAt === undefined ? [] : [`${kubectl} logs ${pods} --all-containers --prefix --tail=50`]),
  ]
}
