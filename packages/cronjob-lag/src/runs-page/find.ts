// SPDX-License-Identifier: Apache-2.0
import { nearest } from '@leadline/kit'
import type { JudgedCronJob } from '../judge/judge.ts'
import type { RunsView } from './view.ts'

/** A name of a CronJob. */
export interface CronJobName {
  readonly namespace: string
  readonly name: string
}

/** The longest name that an object may have; anything longer is no mistyped one. */
const longestName = 253
/** Names that are compared, so that a page takes no longer than some milliseconds. */
const mostCandidates = 1000

/** The CronJob of this name, or the one that was most likely meant. */
export function findCronJob(
  view: RunsView,
  { namespace, name }: CronJobName,
): { readonly found: JudgedCronJob } | { readonly meant: CronJobName | undefined } {
  const all = [...view.cronJobs()]
  const found = all.find(({ facts }) => facts.namespace === namespace && facts.name === name)
  if (found !== undefined) return { found }
  if (namespace.length > longestName || name.length > longestName) return { meant: undefined }
  const elsewhere = all.filter(({ facts }) => facts.name === name).map(({ facts }) => facts.namespace)
  const near =
    nearestIn(namespace, elsewhere) ??
    elsewhere[0] ??
    nearestIn(namespace, new Set(all.map(({ facts }) => facts.namespace)))
  if (near === undefined) return { meant: undefined }
  const names = all.filter(({ facts }) => facts.namespace === near).map(({ facts }) => facts.name)
  const meant = nearestIn(name, names)
  return { meant: meant === undefined ? undefined : { namespace: near, name: meant } }
}

/** Itself when it is there. */
function nearestIn(word: string, candidates: Iterable<string>): string | undefined {
  const byLength = [...candidates].toSorted((a, b) => awayFrom(a) - awayFrom(b))
  return byLength.includes(word) ? word : nearest(word, byLength.slice(0, mostCandidates))

  function awayFrom(candidate: string): number {
    return Math.abs(candidate.length - word.length)
  }
}
