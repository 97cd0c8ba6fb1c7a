// SPDX-License-Identifier: Apache-2.0
import { parseDuration } from '@leadline/kit'
import { zoneMistake } from '@leadline/kube'

/** What an annotation of a CronJob, or of its namespace, can say. */
export const ownAnnotations = ['leadline.dev/objective', 'leadline.dev/controller-time-zone'] as const

/** One of `ownAnnotations`. */
export type OwnAnnotation = (typeof ownAnnotations)[number]

/** Annotations by their keys. */
export type Annotations = Readonly<Record<string, string>>

const longestObjectiveSeconds = 86_400

/** Seconds of an objective such as `20m`; undefined when the text is none between a second and a day. */
export function objectiveOf(text: string): number | undefined {
  const seconds = parseDuration(text)
  return seconds !== undefined && seconds >= 1 && seconds <= longestObjectiveSeconds ? seconds : undefined
}

/** The zone; undefined when the text names none. */
export function zoneOf(text: string): string | undefined {
  return zoneMistake(text) === undefined ? text : undefined
}

const readers: Readonly<Record<OwnAnnotation, (text: string) => number | string | undefined>> = {
  'leadline.dev/objective': objectiveOf,
  'leadline.dev/controller-time-zone': zoneOf,
}

/** Those of `ownAnnotations` whose text says nothing that counts. */
export function mistakenAnnotations(annotations: Annotations): readonly OwnAnnotation[] {
  return ownAnnotations.filter((key) => {
    const text = annotations[key]
    return text !== undefined && readers[key](text) === undefined
  })
}
