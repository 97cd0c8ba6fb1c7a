// SPDX-License-Identifier: Apache-2.0
import { timeField } from '@leadline/kit'
import type { RunRecord } from '../judge/run-record.ts'
import type { Answer, Asked } from './answer.ts'
import { causeTexts } from './cause-text.ts'
import { commandsFor } from './commands.ts'
import type { Listing, Row } from './listing.ts'
import type { RunsView } from './view.ts'

/** The list as JSON. What is not known is null; the fields are those of RUNS.md. */
export function listDocument({ rows, matching, counts }: Listing, answer: string, view: RunsView): object {
  return {
    now: timeField(view.now()),
    blindness: view.blindness() ?? null,
    answer,
    matching,
    leftOff: matching - rows.length,
    standings: Object.fromEntries(counts),
    cronJobs: rows.map((row) => rowFields(row, view)),
  }
}

/** One CronJob as JSON. */
export function detailDocument(asked: Asked, answer: Answer, view: RunsView): object {
  const { facts, open, runs, objectiveSeconds, now } = asked
  return {
    now: timeField(now),
    blindness: view.blindness() ?? null,
    did: answer.word,
    answer: answer.text,
    ...subjectFields(asked, objectiveSeconds),
    concurrencyPolicy: facts.policy,
    startingDeadlineSeconds: facts.startingDeadlineSeconds ?? null,
    causeText: open.cause === undefined ? null : causeTexts[open.cause],
    commands: commandsFor(asked),
    runs: runs.toReversed().map(runFields),
  }
}

function rowFields(row: Row, view: RunsView): object {
  return {
    ...subjectFields(row, view.objectiveSecondsOf(row.facts)),
    standing: row.standing,
    lastRun: row.last === undefined ? null : runFields(row.last),
  }
}

function subjectFields({ facts, open }: Pick<Row, 'facts' | 'open'>, objectiveSeconds: number): object {
  return {
    namespace: facts.namespace,
    cronJob: facts.name,
    schedule: facts.schedule,
    timeZone: facts.timeZone ?? null,
    suspended: open.isSuspended,
    invalid: open.invalid ?? null,
    nextRun: timeField(open.nextTick),
    objectiveSeconds,
    lagSeconds: open.lagSeconds,
    cause: open.cause ?? null,
    heldSeconds: open.heldSeconds ?? null,
  }
}

function runFields(run: RunRecord): object {
  return {
    due: timeField(run.tick),
    job: run.job ?? null,
    created: timeField(run.createdAt),
    scheduled: timeField(run.scheduledAt),
    started: timeField(run.startedAt),
    ended: timeField(run.endedAt),
    delaySeconds: run.startedAt === undefined ? null : run.startedAt - run.tick,
    verdict: run.verdict ?? null,
    reason: run.reason ?? null,
    result: run.result ?? null,
    killedBy: run.kill?.by ?? null,
    killReason: run.kill?.reason ?? null,
  }
}
