// SPDX-License-Identifier: Apache-2.0
import type { Listing, Standing } from './listing.ts'

/** What stands in the way of a plain yes, with the words for so many CronJobs. */
const troubles: readonly (readonly [standing: Standing, text: string])[] = [
  ['overdue', 'waiting longer than the objective'],
  ['lost', 'whose last run was lost'],
  ['invalid', 'with a schedule that is not valid'],
  ['ended', 'whose last run was ended'],
  ['failed', 'whose last run failed'],
  ['late', 'whose last run started late'],
]

/** The answer to "did they run?" in one sentence. */
export function listAnswer({ matching, counts }: Pick<Listing, 'matching' | 'counts'>): string {
  if (matching === 0) return 'There is no such CronJob.'
  const found = troubles.flatMap(([standing, text]) => {
    const count = counts.get(standing) ?? 0
    return count === 0 ? [] : [{ count, text: `${count} ${text}` }]
  })
  const troubled = found.reduce((sum, { count }) => sum + count, 0)
  const one = matching === 1
  if (troubled === 0) {
    return one
      ? 'Yes: the one CronJob is not overdue, and its last run was not lost, late, failed or ended.'
      : `Yes: of ${matching} CronJobs none is overdue, and no last run was lost, late, failed or ended.`
  }
  const who = one ? 'the one CronJob' : `${troubled} of ${matching} CronJobs`
  return `No: ${who} ${troubled === 1 ? 'needs' : 'need'} a look: ${found.map(({ text }) => text).join(', ')}.`
}
