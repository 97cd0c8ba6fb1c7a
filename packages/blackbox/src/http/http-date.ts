// SPDX-License-Identifier: Apache-2.0

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

const imfDate = /^[A-Z][a-z]{2}, (\d{2}) ([A-Z][a-z]{2}) (\d{4}) (\d{2}):(\d{2}):(\d{2}) GMT$/
const rfc850Date = /^[A-Z][a-z]+, (\d{2})-([A-Z][a-z]{2})-(\d{2}) (\d{2}):(\d{2}):(\d{2}) (?:GMT|UTC)$/
const asctimeDate = /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) ([ \d]\d) (\d{2}):(\d{2}):(\d{2}) (\d{4})$/

/** Unix seconds of an HTTP date in any of its three forms (RFC 9110 section 5.6.7); undefined when it is none. */
export function parseHttpDate(text: string): number | undefined {
  const imf = imfDate.exec(text)
  if (imf !== null) return unixSeconds(imf[3], imf[2], imf[1], imf.slice(4))
  const old = rfc850Date.exec(text)
  // Two digits of a year: 69 and later are of the last century, as in Go.
  if (old !== null) return unixSeconds(`${Number(old[3]) >= 69 ? 19 : 20}${old[3]}`, old[2], old[1], old.slice(4))
  const asctime = asctimeDate.exec(text)
  return asctime === null ? undefined : unixSeconds(asctime[6], asctime[1], asctime[2], asctime.slice(3, 6))
}

function unixSeconds(
  year: string | undefined,
  month: string | undefined,
  day: string | undefined,
  time: readonly string[],
): number | undefined {
  const [hour = 0, minute = 0, second = 0] = time.map(Number)
  const monthIndex = months.indexOf(month ?? '')
  const date = new Date(Date.UTC(Number(year), monthIndex, Number(day), hour, minute, second))
  const exists =
    monthIndex !== -1 &&
    date.getUTCDate() === Number(day) &&
    date.getUTCMonth() === monthIndex &&
    hour < 24 &&
    minute < 60
  return exists && second < 60 ? date.getTime() / 1000 : undefined
}
