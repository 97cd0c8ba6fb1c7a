// SPDX-License-Identifier: Apache-2.0
import { ipv4Text, ipv6Text } from './address.ts'
import type { Field } from './fields.ts'
import { Malformed } from './malformed.ts'
import type { RdataReader } from './rdata-reader.ts'

/** The address prefixes of APL records (RFC 3123). */
export const prefixList: Field = {
  zero: [],
  read(data, words) {
    while (data.left > 0) {
      const word = prefixText(data)
      words?.push(word)
    }
  },
}

function prefixText(data: RdataReader): string {
  const family = data.uint(2)
  const bits = data.uint(1)
  const negatedLength = data.uint(1)
  const octets = new Uint8Array(family === 1 ? 4 : 16)
  const length = negatedLength & 0x7f
  if ((family !== 1 && family !== 2) || bits > 8 * octets.length || length > octets.length) {
    throw new Malformed('an address prefix is broken')
  }
  const part = data.take(length)
  if (part.at(-1) === 0) throw new Malformed('an address prefix has needless zeros')
  octets.set(part)
  return `${negatedLength & 0x80 ? '!' : ''}${family}:${family === 1 ? ipv4Text(octets) : ipv6Text(octets)}/${bits}`
}
