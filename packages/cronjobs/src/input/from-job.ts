// SPDX-License-Identifier: Apache-2.0
import type { ConfigNode } from '@leadline/kit'
import type { Declared, Placed } from '../declared.ts'
import { deadlineSecondsOf, type Job, jobShape } from '../job/shape.ts'

/** The CronJob that a job stands for. Notes each mistake on its node and throws Noted when there is one. */
export function declaredByJob(node: ConfigNode): Declared {
  const job = jobShape.read(node)
  const placed = <T>(key: keyof Job, value: T): Placed<T> => ({ value, place: placeOf(node, [key]) })
  return {
    job,
    name: placed('name', job.name),
    namespace: job.namespace || undefined,
    schedule: placed('schedule', job.schedule),
    timeZone: placed('time_zone', job.time_zone),
    concurrency: placed('concurrency', job.concurrency),
    startingDeadlineSeconds: placed('starting_deadline', deadlineSecondsOf(job)),
    activeDeadlineSeconds: placed('timeout', job.timeout),
    succeededKept: { value: job.history.succeeded, place: placeOf(node, ['history', 'succeeded']) },
    failedKept: { value: job.history.failed, place: placeOf(node, ['history', 'failed']) },
    restartPolicy: { value: 'Never', place: node.place },
    suspended: placed('suspend', job.suspend === true),
  }
}

/** Where the value at a path of keys begins; that of the last mapping on the way when it is absent. */
function placeOf(node: ConfigNode, [key, ...rest]: readonly string[]): ConfigNode['place'] {
  const inner = node.entries()?.find((entry) => entry.key === key)?.value
  if (inner === undefined || inner.isNull) return node.place
  return rest.length === 0 ? inner.place : placeOf(inner, rest)
}
