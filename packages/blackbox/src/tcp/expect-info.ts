// SPDX-License-Identifier: Apache-2.0
import { defineMetrics } from '@leadline/kit'
import type { PatternMatch } from '../match/pattern.ts'
import type { QueryResponse } from './config.ts'

/** Most UTF-16 units of a label value that comes from a target. */
export const labelValueLimit = 1024

/** The metric of an entry with labels. */
export const expectInfoMetrics = defineMetrics({
  probe_expect_info: {
    type: 'gauge',
    help: '1, with the labels of each query_response entry whose expect matched; absent before a match.',
    labels: { '*': 'names from the config; values from the matched line, at most 1024 characters' },
    source: 'query_response[].labels, filled from the line that matched',
  },
})

/**
 * The labels of an entry, filled from a match.
 * Bytes that are not UTF-8 become U+FFFD, since an exposition is UTF-8 whatever a target sends.
 */
export function expectInfoLabels(labels: QueryResponse['labels'], match: PatternMatch): Record<string, string> {
  return Object.fromEntries(labels.map(({ name, value }) => [name, bounded(match.expand(value).toString('utf8'))]))
}

function bounded(value: string): string {
  // toWellFormed, because the cut may halve a surrogate pair.
  return value.length <= labelValueLimit ? value : value.slice(0, labelValueLimit).toWellFormed()
}
