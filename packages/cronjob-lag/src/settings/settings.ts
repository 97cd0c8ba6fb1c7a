// SPDX-License-Identifier: Apache-2.0
import type { CronJobLagConfig } from '../config.ts'
import type { CronJobFacts } from '../objects/cron-job.ts'
import { type Annotations, mistakenAnnotations, type OwnAnnotation, objectiveOf, zoneOf } from './annotations.ts'

/** An annotation that says nothing. */
export interface AnnotationMistake {
  readonly namespace: string
  readonly cronJob: string | undefined
  readonly annotation: OwnAnnotation
}

/** What counts for a CronJob: its annotation, else that of its namespace, else the config. */
export interface Settings {
  /** How many seconds after its due time a run may start and still be on time. */
  objectiveSecondsOf(cronJob: CronJobFacts): number
  /** Annotations of CronJobs or, without a `cronJob`, of their namespaces, whose text says nothing that counts. */
  mistakes(cronJobs: Iterable<CronJobFacts>): readonly AnnotationMistake[]
  /** The CronJob with the zone that its controller is taken to be in. */
  withControllerZone(cronJob: CronJobFacts): CronJobFacts
}

/** The settings of now, from annotations of namespaces by name, and a config. */
export function settingsOf(
  namespaces: (name: string) => Annotations | undefined,
  config: () => CronJobLagConfig,
): Settings {
  function find<V>({ annotations, namespace }: CronJobFacts, key: string, read: (text: string) => V | undefined) {
    for (const text of [annotations[key], namespaces(namespace)?.[key]]) {
      const value = text === undefined ? undefined : read(text)
      if (value !== undefined) return value
    }
    return undefined
  }

  return {
    objectiveSecondsOf: (cronJob) => find(cronJob, 'leadline.dev/objective', objectiveOf) ?? config().objective,
    mistakes(cronJobs) {
      const seen = new Set<string>()
      const found: AnnotationMistake[] = []
      for (const { namespace, name: cronJob, annotations } of cronJobs) {
        for (const annotation of mistakenAnnotations(annotations)) found.push({ namespace, cronJob, annotation })
        if (seen.has(namespace)) continue
        seen.add(namespace)
        for (const annotation of mistakenAnnotations(namespaces(namespace) ?? {})) {
          found.push({ namespace, cronJob: undefined, annotation })
        }
      }
      return found
    },
    withControllerZone(cronJob) {
      const zone = find(cronJob, 'leadline.dev/controller-time-zone', zoneOf) ?? config().controller_time_zone
      return { ...cronJob, controllerTimeZone: zone }
    },
  }
}
