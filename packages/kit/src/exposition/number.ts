// SPDX-License-Identifier: Apache-2.0

/**
 * A number as the Prometheus text format writes it, which is Go's `strconv.FormatFloat(value, 'g', -1, 64)`: the
 * shortest digits that read back as the same value, with an exponent below 1e-4 and from 1e+06 on. Negative zero is `0`.
 */
export function formatNumber(value: number): string {
  const size = value < 0 ? -value : value
  // Between these JavaScript's shortest form has no exponent either.
  return size < 1e6 && (size >= 1e-4 || size === 0) ? `${value}` : formatUnusual(value)
}

/** A number as OpenMetrics 1.0 writes it: as above, but never like an integer (`1.0`, `2.097152e+06`). */
export function formatOpenMetricsNumber(value: number): string {
  const text = formatNumber(value)
  return Number.isInteger(value) && !text.includes('e') ? `${text}.0` : text
}

/** A count as OpenMetrics 1.0 writes it: digits only, as long as the value is a whole number that is exact. */
export function formatOpenMetricsCount(value: number): string {
  return Number.isSafeInteger(value) ? `${value}` : formatOpenMetricsNumber(value)
}

/** The number that a text holds as `formatNumber` or JavaScript writes it; NaN when it holds none. */
export function parseNumber(text: string): number {
  const infinite = /^([+-]?)Inf$/.exec(text)
  if (infinite !== null) return infinite[1] === '-' ? -Infinity : Infinity
  return text === '' ? NaN : Number(text)
}

function formatUnusual(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (value === Infinity) return '+Inf'
  if (value === -Infinity) return '-Inf'
  const text = value.toExponential()
  // Go writes at least two digits of exponent; JavaScript writes one when one is enough.
  return text.at(-2) === '+' || text.at(-2) === '-' ? `${text.slice(0, -1)}0${text.at(-1)}` : text
}
