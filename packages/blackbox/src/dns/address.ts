// SPDX-License-Identifier: Apache-2.0

/** Four octets as an IPv4 address. */
export function ipv4Text(octets: Uint8Array): string {
  return octets.join('.')
}

/** Sixteen octets as an IPv6 address by RFC 5952; one that holds an IPv4 address as `::ffff:192.0.2.1`. */
export function ipv6Text(octets: Uint8Array): string {
  const inner = mappedIpv4(octets)
  if (inner !== undefined) return `::ffff:${inner}`
  const groups = Array.from({ length: 8 }, (_, i) => ((octets[2 * i] as number) << 8) | (octets[2 * i + 1] as number))
  const { from, length } = longestZeros(groups)
  const hex = groups.map((group) => group.toString(16))
  if (length < 2) return hex.join(':')
  return `${hex.slice(0, from).join(':')}::${hex.slice(from + length).join(':')}`
}

/** The IPv4 address that an IPv4-mapped IPv6 address holds (RFC 4291 section 2.5.5.2); undefined for any other. */
export function mappedIpv4(octets: Uint8Array): string | undefined {
  const mapped = octets.subarray(0, 10).every((octet) => octet === 0) && octets[10] === 0xff && octets[11] === 0xff
  return mapped ? ipv4Text(octets.subarray(12)) : undefined
}

/** The first of the longest runs of zero groups. */
function longestZeros(groups: readonly number[]): { from: number; length: number } {
  let best = { from: 0, length: 0 }
  for (let from = 0; from < groups.length; from++) {
    let length = 0
    while (groups[from + length] === 0) length++
    if (length > best.length) best = { from, length }
  }
  return best
}
