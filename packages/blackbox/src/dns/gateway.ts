// SPDX-License-Identifier: Apache-2.0
import { ipv4Text, ipv6Text, mappedIpv4 } from './address.ts'
import type { Field } from './fields.ts'
import type { RdataReader } from './rdata-reader.ts'

/** A gateway whose kind stands in the record's second octet, in the bits of `mask`. */
function gatewayField(mask: number): Field {
  return {
    zero: ['.'],
    read(data, words) {
      const text = gatewayText(data, (data.message[data.start + 1] as number) & mask)
      words?.push(text)
    },
  }
}

/** The gateway of IPSECKEY records (RFC 4025 section 2.5). */
export const gateway = gatewayField(0xff)
/** The relay of AMTRELAY records (RFC 8777 section 4.2.4), whose kind shares its octet with the discovery bit. */
export const relay = gatewayField(0x7f)

function gatewayText(data: RdataReader, kind: number): string {
  if (kind === 1) return ipv4Text(data.take(4))
  if (kind === 3) return data.name()
  if (kind !== 2) return '.'
  const octets = data.take(16)
  return mappedIpv4(octets) ?? ipv6Text(octets)
}

/** The octet of AMTRELAY that holds the discovery bit and the kind of the relay, as two words. */
export const relayKind: Field = {
  zero: ['0', '0'],
  read(data, words) {
    const octet = data.uint(1)
    words?.push(octet & 0x80 ? '1' : '0', String(octet & 0x7f))
  },
}
