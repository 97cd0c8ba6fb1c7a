// SPDX-License-Identifier: Apache-2.0
import { ipv4Text, ipv6Text, mappedIpv4 } from './address.ts'
import type { Field } from './fields.ts'
import { Malformed } from './malformed.ts'
import { escaped } from './name.ts'

const keyNames = ['mandatory', 'alpn', 'no-default-alpn', 'port', 'ipv4hint', 'ech', 'ipv6hint', 'dohpath', 'ohttp']
const reservedKey = 65_535

const quotedInValues: ReadonlySet<number> = new Set(Buffer.from('"; \\'))
const comma = 0x2c
const backslash = 0x5c

/** The parameters of SVCB and HTTPS records (RFC 9460 section 2.1), each as `key="value"`. */
export const serviceParameters: Field = {
  zero: [],
  read(data, words) {
    let last = -1
    while (data.left > 0) {
      const key = data.uint(2)
      const value = data.take(data.uint(2))
      if (key === reservedKey || key <= last) throw new Malformed('the service parameters are out of order')
      last = key
      const text = valueText(key, value)
      words?.push(`${keyName(key)}="${text}"`)
    }
  },
}

function keyName(key: number): string {
  return key === reservedKey ? '' : (keyNames[key] ?? `key${key}`)
}

function valueText(key: number, value: Buffer): string {
  switch (keyNames[key]) {
    case 'mandatory':
      return pieces(value, 2, true)
        .map((bytes) => keyName(bytes.readUInt16BE()))
        .join(',')
    case 'alpn':
      return protocols(value).map(protocolText).join(',')
    case 'no-default-alpn':
    case 'ohttp':
      if (value.length > 0) throw new Malformed('a service parameter without value has one')
      return ''
    case 'port':
      if (value.length !== 2) throw new Malformed('the port of a service is broken')
      return String(value.readUInt16BE())
    case 'ipv4hint':
      return pieces(value, 4).map(ipv4Text).join(',')
    case 'ipv6hint':
      return pieces(value, 16).map(ipv6Hint).join(',')
    case 'ech':
      return value.toString('base64')
    default:
      return Array.from(value, (byte) => escaped(byte, quotedInValues)).join('')
  }
}

function ipv6Hint(octets: Buffer): string {
  if (mappedIpv4(octets) !== undefined) throw new Malformed('an IPv6 hint holds an IPv4 address')
  return ipv6Text(octets)
}

function pieces(value: Buffer, length: number, mayBeEmpty = false): Buffer[] {
  if (value.length % length !== 0 || (value.length === 0 && !mayBeEmpty)) {
    throw new Malformed('a list in a service parameter is broken')
  }
  return Array.from({ length: value.length / length }, (_, i) => value.subarray(i * length, (i + 1) * length))
}

function protocols(value: Buffer): Buffer[] {
  const found: Buffer[] = []
  for (let at = 0; at < value.length; ) {
    const to = at + 1 + (value[at] as number)
    if (to > value.length) throw new Malformed('a protocol of a service ends outside its parameter')
    found.push(value.subarray(at + 1, to))
    at = to
  }
  return found
}

/** Commas and backslashes are escaped twice: once for the list, once for the text form (RFC 9460 appendix A.1). */
function protocolText(protocol: Buffer): string {
  return Array.from(protocol, (byte) => {
    const twice = byte === comma || byte === backslash
    return twice ? `\\\\\\${String(byte).padStart(3, '0')}` : escaped(byte, quotedInValues)
  }).join('')
}
