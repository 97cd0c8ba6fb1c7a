// SPDX-License-Identifier: Apache-2.0
import { clockText, durationText } from '@leadline/kit'
import type { RunRecord } from '../judge/run-record.ts'
import type { Answer, Asked } from './answer.ts'
import { killText } from './cause-text.ts'

/** The answer for a run that has started, or has completed unseen; `name` as "the run of 02:00 UTC". */
export function startedAnswer(run: RunRecord, name: string, asked: Asked): Answer {
  const flaws = flawsOf(run)
  const yes = flaws.length === 0 ? 'Yes' : `Yes, but ${flaws.map(({ text }) => text).join(' and ')}`
  const word = flaws.at(-1)?.word ?? 'yes'
  return { word, text: `${yes}: ${name} ${courseOf(run, asked)}.` }
}

/** Whether something that was none of the run's own doing, or its deadline, ended it before it completed. */
export function wasEnded({ result, kill }: RunRecord): boolean {
  return result === 'deleted' || (kill !== undefined && result !== 'complete')
}

/** The gravest last. */
function flawsOf(run: RunRecord): readonly { readonly word: Answer['word']; readonly text: string }[] {
  const flaws: { readonly word: Answer['word']; readonly text: string }[] = []
  if (run.verdict === 'late') flaws.push({ word: 'yes_late', text: 'late' })
  if (run.verdict === 'held') flaws.push({ word: 'yes_held', text: 'held back on purpose' })
  if (wasEnded(run)) flaws.push({ word: 'yes_ended', text: 'it was ended' })
  else if (run.result === 'failed') flaws.push({ word: 'yes_failed', text: 'it failed' })
  return flaws
}

function courseOf(run: RunRecord, { clock, objectiveSeconds, now }: Asked): string {
  const { tick, startedAt, endedAt, result, kill, verdict } = run
  const at = (time: number | undefined): string => (time === undefined ? '' : ` ${clockText(clock, time, tick)}`)
  const killed = kill === undefined ? '' : `; ${killText(kill)}`
  if (startedAt === undefined) return `completed${at(endedAt)}; when it started was not seen${killed}`
  const delay = startedAt <= tick ? 'at its time' : `${durationText(startedAt - tick)} after its time`
  const bound = verdict === 'late' ? ` (its objective is ${durationText(objectiveSeconds)})` : ''
  const ends = {
    complete: `, and completed${at(endedAt)}`,
    failed: `, and failed${at(endedAt)}`,
    deleted: `, and was deleted${at(endedAt)}`,
    vanished: '; how it ended was not seen',
  }
  const end = result === undefined ? `, and has been running for ${durationText(now - startedAt)}` : ends[result]
  return `started${at(startedAt)}, ${delay}${bound}${end}${killed}`
}
