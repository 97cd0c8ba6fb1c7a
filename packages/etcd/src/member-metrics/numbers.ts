// SPDX-License-Identifier: Apache-2.0
import type { ParsedMetrics } from './text-format.ts'

/** The value of a metric without labels; undefined when it is not on the page, is there twice, or is not finite. */
export function numberOf(metrics: ParsedMetrics, name: string): number | undefined {
  const [sample, ...others] = metrics.get(name) ?? []
  if (sample === undefined || others.length > 0 || sample.labels.size > 0) return undefined
  return Number.isFinite(sample.value) ? sample.value : undefined
}
