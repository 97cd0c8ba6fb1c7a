// SPDX-License-Identifier: Apache-2.0
import type { RunRecord } from '../judge/run-record.ts'
import type { Verdict } from '../judge/verdict.ts'
import { wasEnded } from './started-answer.ts'

const texts: Readonly<Record<Verdict, string>> = {
  on_time: 'on time',
  late: 'late',
  lost: 'lost',
  skipped: 'skipped',
  held: 'held',
  unknown: 'not known',
}

/** What became of a run in a few words: `on time, completed`. */
export function verdictText(run: RunRecord): string {
  const verdict = run.verdict === undefined ? 'not started' : texts[run.verdict]
  const course = run.startedAt === undefined && run.result !== 'complete' ? undefined : courseText(run)
  return course === undefined ? verdict : `${verdict}, ${course}`
}

function courseText(run: RunRecord): string {
  if (wasEnded(run)) return 'ended'
  if (run.result === 'complete') return 'completed'
  if (run.result === undefined) return 'running'
  return run.result === 'failed' ? 'failed' : 'end not seen'
}
