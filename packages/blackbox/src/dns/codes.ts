// SPDX-License-Identifier: Apache-2.0

/** Names in the order of their codes, from the code that each row begins with (IANA's DNS parameters). */
const typeRows: readonly (readonly [first: number, names: string])[] = [
  [0, 'None A NS MD MF CNAME SOA MB MG MR NULL'],
  [12, 'PTR HINFO MINFO MX TXT RP AFSDB X25 ISDN RT'],
  [23, 'NSAP-PTR SIG KEY PX GPOS AAAA LOC NXT EID NIMLOC SRV ATMA NAPTR KX CERT'],
  [39, 'DNAME'],
  [41, 'OPT APL DS SSHFP IPSECKEY RRSIG NSEC DNSKEY DHCID NSEC3 NSEC3PARAM TLSA SMIMEA'],
  [55, 'HIP NINFO RKEY TALINK CDS CDNSKEY OPENPGPKEY CSYNC ZONEMD SVCB HTTPS'],
  [99, 'SPF UINFO UID GID UNSPEC NID L32 L64 LP EUI48 EUI64'],
  [128, 'NXNAME'],
  [249, 'TKEY TSIG IXFR AXFR MAILB MAILA ANY'],
  [256, 'URI CAA AVC'],
  [260, 'AMTRELAY RESINFO'],
  [32_768, 'TA DLV'],
  [65_535, 'Reserved'],
]

/** Record type codes by the names that miekg/dns, the peer's library, has for them. `TYPE123` is none of its names. */
export const recordTypes: ReadonlyMap<string, number> = new Map(
  typeRows.flatMap(([first, names]) => names.split(' ').map((name, i) => [name, first + i] as const)),
)

const typeNames: ReadonlyMap<number, string> = new Map([...recordTypes].map(([name, code]) => [code, name]))

/** Name of a record type, `TYPE123` (RFC 3597 section 5) when it has none. */
export function typeName(code: number): string {
  return typeNames.get(code) ?? `TYPE${code}`
}

/** Class codes by name. */
export const recordClasses: ReadonlyMap<string, number> = new Map([
  ['IN', 1],
  ['CS', 2],
  ['CH', 3],
  ['HS', 4],
  ['NONE', 254],
  ['ANY', 255],
])

const classNames: ReadonlyMap<number, string> = new Map([...recordClasses].map(([name, code]) => [code, name]))

/** Name of a class, `CLASS123` when it has none; class 255 is never `ANY`, since that is a type as well. */
export function className(code: number): string {
  return (code === 255 ? undefined : classNames.get(code)) ?? `CLASS${code}`
}

/** Response codes by name, extended ones included (RFC 6895 section 2.3); `NOTIMPL` is an old spelling. */
export const responseCodes: ReadonlyMap<string, number> = new Map([
  ...'NOERROR FORMERR SERVFAIL NXDOMAIN NOTIMP REFUSED YXDOMAIN YXRRSET NXRRSET NOTAUTH NOTZONE DSOTYPENI'
    .split(' ')
    .map((name, code) => [name, code] as const),
  ...'BADSIG BADKEY BADTIME BADMODE BADNAME BADALG BADTRUNC BADCOOKIE'
    .split(' ')
    .map((name, i) => [name, 16 + i] as const),
  ['NOTIMPL', 4],
])

const responseCodeNames: ReadonlyMap<number, string> = new Map(
  [...responseCodes].toReversed().map(([name, code]) => [code, name]),
)

/** Name of a response code, `RCODE12` when it has none. */
export function responseCodeName(code: number): string {
  return responseCodeNames.get(code) ?? `RCODE${code}`
}

/** DNSSEC algorithm names (RFC 8624). */
export const algorithmNames: ReadonlyMap<number, string> = new Map([
  [1, 'RSAMD5'],
  [2, 'DH'],
  [3, 'DSA'],
  [5, 'RSASHA1'],
  [6, 'DSA-NSEC3-SHA1'],
  [7, 'RSASHA1-NSEC3-SHA1'],
  [8, 'RSASHA256'],
  [10, 'RSASHA512'],
  [12, 'ECC-GOST'],
  [13, 'ECDSAP256SHA256'],
  [14, 'ECDSAP384SHA384'],
  [15, 'ED25519'],
  [16, 'ED448'],
  [252, 'INDIRECT'],
  [253, 'PRIVATEDNS'],
  [254, 'PRIVATEOID'],
])
