// SPDX-License-Identifier: Apache-2.0
import { durationText, type ZoneClock } from '@leadline/kit'
import type { OpenState } from '../judge/open-state.ts'
import type { RunRecord } from '../judge/run-record.ts'
import type { CronJobFacts } from '../objects/cron-job.ts'
import { causeTexts, invalidTexts, lostText } from './cause-text.ts'
import { startedAnswer } from './started-answer.ts'
import { tickText } from './times.ts'

/** The words in which "did it run?" can be answered. */
export const answerWords = [
  'yes',
  'yes_late',
  'yes_held',
  'yes_failed',
  'yes_ended',
  'not_yet',
  'no',
  'held',
  'lost',
  'skipped',
  'unknown',
  'suspended',
  'invalid',
  'none_due',
] as const

/** One of `answerWords`. */
export type AnswerWord = (typeof answerWords)[number]

/** The answer to "did it run?" for the newest due run of a CronJob. */
export interface Answer {
  readonly word: AnswerWord
  /** Whole sentences. */
  readonly text: string
}

/** What is known of a CronJob. Times in unix seconds. */
export interface Asked {
  readonly facts: CronJobFacts
  readonly open: OpenState
  /** Oldest first. */
  readonly runs: readonly RunRecord[]
  readonly objectiveSeconds: number
  /** In the CronJob's zone. */
  readonly clock: ZoneClock
  readonly now: number
}

/** Says whether the newest due run has run, and then what else must be known. */
export function answerOf(asked: Asked): Answer {
  const newest = newestDue(asked)
  const answer = newest === undefined ? noRun(asked) : answerFor(newest, asked)
  const more = newest === undefined || isWaiting(newest) ? [] : olderWaiting(asked)
  return { word: answer.word, text: [answer.text, ...more, ...state(asked, newest)].join(' ') }
}

/** The run that a question in words is about; undefined when none was due. */
export function newestDue({ runs, now }: Pick<Asked, 'runs' | 'now'>): RunRecord | undefined {
  return runs.findLast(({ tick }) => tick <= now)
}

/** `the run of 02:00 Europe/Berlin`. */
export function runName({ tick }: RunRecord, { clock, now }: Asked): string {
  return `the run of ${tickText(clock, tick, now)} ${clock.zone}`
}

function isWaiting({ verdict, startedAt }: RunRecord): boolean {
  return verdict === undefined && startedAt === undefined
}

function answerFor(run: RunRecord, asked: Asked): Answer {
  if (run.startedAt !== undefined || run.result === 'complete') return startedAnswer(run, runName(run, asked), asked)
  const name = runName(run, asked)
  switch (run.verdict) {
    case undefined:
      return waiting(run, asked)
    case 'lost': {
      const why =
        run.reason === undefined || run.reason === 'forbid' ? '' : `: ${lostText(run.reason, run, asked.facts)}`
      return { word: 'lost', text: `Lost: ${name} never started${why}.` }
    }
    case 'skipped':
      return {
        word: 'skipped',
        text: `Skipped: ${name} was not started, as a run before it had not ended and concurrencyPolicy is Forbid.`,
      }
    case 'held':
      return { word: 'held', text: `Held: ${name} was held back on purpose until it ended without having started.` }
    default:
      return { word: 'unknown', text: `Not known: ${name} may have come and gone while nobody was watching.` }
  }
}

function waiting(run: RunRecord, asked: Asked): Answer {
  const { open, objectiveSeconds, now, clock } = asked
  if (open.cause === undefined) return held(run, asked)
  const all = asked.runs.filter((one) => isWaiting(one) && one.tick <= now)
  // The one that the lag is of: older ones may be held.
  const oldest = all.find(({ tick }) => Math.abs(now - tick - open.lagSeconds) < 1) ?? all[0] ?? run
  const since = `${durationText(open.lagSeconds)} because ${causeTexts[open.cause]}`
  const what =
    all.length > 1
      ? `${all.length} runs have not started; the oldest, of ${tickText(clock, oldest.tick, now)} ${clock.zone}, has waited for ${since}`
      : `${runName(run, asked)} has not started; it has waited for ${since}`
  if (open.lagSeconds > objectiveSeconds) return { word: 'no', text: `No: ${what}.` }
  const lateAt = Math.round(now - open.lagSeconds + objectiveSeconds)
  return { word: 'not_yet', text: `Not yet: ${what}. It is late after ${tickText(clock, lateAt, now)}.` }
}

function held(run: RunRecord, asked: Asked): Answer {
  const { heldSeconds } = asked.open
  const name = runName(run, asked)
  if (heldSeconds === undefined) {
    return {
      word: 'unknown',
      text: `Not known yet: ${name} is no longer waited for, and what became of it is told in a moment.`,
    }
  }
  return { word: 'held', text: `Held: ${name} has been held back on purpose for ${durationText(heldSeconds)}.` }
}

function olderWaiting({ open }: Asked): readonly string[] {
  if (open.cause === undefined) return []
  return [
    `An older run has not started, and has waited for ${durationText(open.lagSeconds)} because ${causeTexts[open.cause]}.`,
  ]
}

function noRun({ open, facts, clock, now }: Asked): Answer {
  const { nextTick } = open
  if (open.invalid !== undefined) {
    return { word: 'invalid', text: `Never: its schedule "${facts.schedule}" ${invalidTexts[open.invalid]}.` }
  }
  if (open.isSuspended) return { word: 'suspended', text: 'Suspended: no run is due, and none was seen before.' }
  const next =
    nextTick === undefined
      ? ''
      : `; the first one is due ${tickText(clock, nextTick, now)} ${clock.zone}, in ${durationText(nextTick - now)}`
  return { word: 'none_due', text: `No run has come due since it is watched${next}.` }
}

/** What bars the runs to come. */
function state({ open, facts }: Asked, newest: RunRecord | undefined): readonly string[] {
  if (newest === undefined) return []
  if (open.invalid !== undefined)
    return [`No more will come: its schedule "${facts.schedule}" ${invalidTexts[open.invalid]}.`]
  return open.isSuspended ? ['It is suspended now, so no other is due.'] : []
}
