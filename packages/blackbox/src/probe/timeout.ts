// SPDX-License-Identifier: Apache-2.0

/** The header in which Prometheus says how long it will wait for a scrape, in seconds. */
export const scrapeTimeoutHeader = 'x-prometheus-scrape-timeout-seconds'

/** Seconds taken for the scrape timeout when the caller gives none. */
const withoutHeader = 120

/** The header holds no number. */
export class BadTimeout extends Error {
  constructor(header: string) {
    super(`Failed to parse timeout from Prometheus header: "${header}" is not a number of seconds, such as 10 or 2.5`)
    this.name = 'BadTimeout'
  }
}

/**
 * Seconds that a probe may take, by blackbox_exporter's arithmetic: what the scraper waits less the offset, unless the
 * module's own timeout (0: none) is shorter or the offset leaves less than nothing. May be 0, negative or NaN, and the
 * probe then fails at once. Throws BadTimeout when the header is not a number.
 */
export function probeTimeout(header: string | undefined, moduleSeconds: number, offsetSeconds: number): number {
  const given = header === undefined || header === '' ? 0 : parseSeconds(header)
  const most = (given === 0 ? withoutHeader : given) - offsetSeconds
  return (moduleSeconds > 0 && moduleSeconds < most) || most < 0 ? moduleSeconds : most
}

/** A number as Go's strconv.ParseFloat takes it, hexadecimal left out. */
function parseSeconds(header: string): number {
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(header)) return Number(header)
  if (/^nan$/i.test(header)) return Number.NaN
  const infinite = /^([+-]?)inf(inity)?$/i.exec(header)
  if (infinite === null) throw new BadTimeout(header)
  return infinite[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
}
