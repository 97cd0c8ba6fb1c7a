// SPDX-License-Identifier: Apache-2.0
import { timeField } from '@leadline/kit'
import { causeTexts } from '../cause/cause.ts'
import { answerText } from './answer.ts'
import { commandFor } from './command.ts'
import type { Group, Listing } from './listing.ts'
import type { Row } from './row.ts'
import { saidOf } from './said.ts'

/** The list as JSON. What is not known, or does not apply, is null; the fields are those of PENDING.md. */
export function pendingDocument(
  listing: Listing,
  helps: ReadonlyMap<Row, string | undefined>,
  blindness: string | undefined,
): object {
  const { now, waiting, groups, held } = listing
  return {
    now: timeField(now),
    blindness: blindness ?? null,
    answer: answerText(listing, blindness),
    waiting: waiting.length,
    overThreshold: waiting.filter(({ isOver }) => isOver).length,
    groups: groups.map((group) => ({
      cause: group.cause,
      causeText: causeTexts[group.cause],
      ...groupFields(group, helps),
    })),
    held: held === undefined ? null : groupFields(held, helps),
  }
}

function groupFields(
  { pods, overThreshold, oldestSeconds, rows }: Group,
  helps: ReadonlyMap<Row, string | undefined>,
): object {
  return {
    count: pods,
    overThreshold,
    oldestSeconds,
    leftOff: pods - rows.length,
    pods: rows.map((row) => podFields(row, helps.get(row))),
  }
}

function podFields(row: Row, help: string | undefined): object {
  const { pod, cause, since, ageSeconds, thresholdSeconds, isOver } = row
  const said = saidOf(pod)
  return {
    namespace: pod.namespace,
    pod: pod.name,
    uid: pod.uid,
    workloadKind: pod.workload.kind,
    workload: pod.workload.name,
    cause,
    since: timeField(since),
    ageSeconds,
    thresholdSeconds,
    isOverThreshold: isOver,
    node: pod.nodeName ?? null,
    nominatedNode: pod.nominatedNode ?? null,
    gates: pod.gates,
    saidBy: said?.by ?? null,
    container: said?.container?.name ?? null,
    reason: said?.reason ?? null,
    message: said?.message ?? null,
    help: help ?? null,
    command: commandFor(pod),
  }
}
