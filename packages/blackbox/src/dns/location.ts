// SPDX-License-Identifier: Apache-2.0
import type { Field } from './fields.ts'
import type { RdataReader } from './rdata-reader.ts'

/** Thousandths of an arc second from here count the equator and the prime meridian (RFC 1876 section 2). */
const middle = 2 ** 31
const perMinute = 60_000
const perDegree = 60 * perMinute
/** Metres below the WGS 84 reference spheroid where altitudes begin. */
const altitudeBase = 100_000

/** The data of LOC records (RFC 1876). */
export const location: Field = {
  zero: locationWords(0, 0, 0, 0, 0, 0),
  read(data, words) {
    part(data, 1)
    const [size, horizontal, vertical] = [part(data, 1), part(data, 1), part(data, 1)]
    const [latitude, longitude, altitude] = [part(data, 4), part(data, 4), part(data, 4)]
    words?.push(...locationWords(size, horizontal, vertical, latitude, longitude, altitude))
  },
}

/** Zero where the data stops short, as the peer reads it. */
function part(data: RdataReader, length: 1 | 4): number {
  return data.left === 0 ? 0 : data.uint(length)
}

function locationWords(
  size: number,
  horizontal: number,
  vertical: number,
  latitude: number,
  longitude: number,
  altitude: number,
): string[] {
  const metres = altitude / 100 - altitudeBase
  return [
    ...angle(latitude, 'N', 'S'),
    ...angle(longitude, 'E', 'W'),
    `${metres.toFixed(altitude % 100 === 0 ? 0 : 2)}m`,
    ...[size, horizontal, vertical].map((length) => `${lengthText(length)}m`),
  ]
}

function angle(value: number, above: string, below: string): string[] {
  const distance = Math.abs(value - middle)
  const degrees = Math.floor(distance / perDegree)
  const minutes = Math.floor((distance % perDegree) / perMinute)
  const twoDigits = [degrees, minutes].map((count) => String(count).padStart(2, '0'))
  return [...twoDigits, ((distance % perMinute) / 1000).toFixed(3), value > middle ? above : below]
}

/** Centimetres as a digit and a power of ten, in metres. */
function lengthText(value: number): string {
  const digit = value >> 4
  const power = value & 0x0f
  if (power < 2) return `0.${String(power === 1 ? digit * 10 : digit).padStart(2, '0')}`
  return String(digit) + '0'.repeat(power - 2)
}
