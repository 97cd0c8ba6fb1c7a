// SPDX-License-Identifier: Apache-2.0
import { ObjectError, rawOf, textOf } from '@leadline/kube'
import { lastTimeOf } from './event-time.ts'

/** The API server refused a Job of a CronJob, or a pod of a Job. */
export interface Refusal {
  /** UID of the CronJob or Job that wanted it. */
  readonly forUid: string
  /** When it was refused last, in unix seconds. */
  readonly at: number
}

/** Reads an event FailedCreate. Throws ObjectError when it does not tell about whom, or when. */
export function readRefusal(raw: unknown): Refusal {
  const event = rawOf(raw)
  const forUid = textOf(rawOf(event['involvedObject'])['uid'])
  const at = lastTimeOf(event)
  if (forUid === undefined || at === undefined) {
    throw new ObjectError(
      `Event ${textOf(rawOf(event['metadata'])['name']) ?? '?'}: involvedObject.uid or its time is missing`,
    )
  }
  return { forUid, at }
}
