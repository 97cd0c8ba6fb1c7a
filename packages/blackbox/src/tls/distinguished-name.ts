// SPDX-License-Identifier: Apache-2.0
import { type DerElement, derElements, derOid, derTag } from './der.ts'

/**
 * The attributes that Go's pkix.Name knows, in the order in which it puts them before it prints them backwards;
 * the order in the certificate is lost.
 */
const known: ReadonlyMap<string, string> = new Map([
  ['2.5.4.6', 'C'],
  ['2.5.4.8', 'ST'],
  ['2.5.4.7', 'L'],
  ['2.5.4.9', 'STREET'],
  ['2.5.4.17', 'POSTALCODE'],
  ['2.5.4.10', 'O'],
  ['2.5.4.11', 'OU'],
  ['2.5.4.3', 'CN'],
  ['2.5.4.5', 'SERIALNUMBER'],
])

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Of these Go keeps only the last value. */
const single: ReadonlySet<string> = new Set(['CN', 'SERIALNUMBER'])

/** A distinguished name as far as it is printed and compared. */
export interface DistinguishedName {
  /** As Go's pkix.Name.String() spells it, near RFC 2253: `CN=a,O=b+O=c,C=d`. */
  readonly text: string
  /** Last common name; empty when there is none. */
  readonly commonName: string
  /** What an error message calls the name's owner: common name, else organisation; empty when it has neither. */
  readonly shortName: string
}

/** Reads the content of a Name (RFC 5280 section 4.1.2.4). Throws RangeError for broken DER or text. */
export function distinguishedName(name: Buffer): DistinguishedName {
  const values = new Map<string, string[]>()
  const others: string[] = []
  for (const set of derElements(name)) {
    for (const attribute of derElements(set.content)) {
      const [type, value] = derElements(attribute.content)
      if (type === undefined || value === undefined) throw new RangeError('name attribute is wrong')
      const oid = derOid(type.content)
      const label = known.get(oid)
      if (label === undefined) others.push(`${oid}=#${reEncoded(derText(value))}`)
      else if (single.has(label)) values.set(label, [derText(value)])
      else values.set(label, [...(values.get(label) ?? []), derText(value)])
    }
  }
  const parts: string[] = []
  for (const label of [...known.values()].toReversed()) {
    const escaped = (values.get(label) ?? []).filter((value) => value !== '' || !single.has(label)).map(escape)
    if (escaped.length > 0) parts.push(escaped.map((value) => `${label}=${value}`).join('+'))
  }
  const commonName = values.get('CN')?.[0] ?? ''
  return {
    text: [...parts, ...others.toReversed()].join(','),
    commonName,
    shortName: commonName === '' ? (values.get('O')?.[0] ?? '') : commonName,
  }
}

function escape(value: string): string {
  return value.replaceAll(/[,+"\\<>;]|^[ #]| $/g, '\\$&')
}

/** Go re-encodes an attribute that it has no name for: PrintableString where the text allows it, else UTF8String. */
function reEncoded(value: string): string {
  const bytes = Buffer.from(value)
  const tag = /^[A-Za-z0-9 '()+,\-./:=?]*$/.test(value) ? derTag.printableString : derTag.utf8String
  return Buffer.concat([Buffer.from([tag, ...derLength(bytes.length)]), bytes]).toString('hex')
}

function derLength(length: number): number[] {
  if (length < 0x80) return [length]
  return length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
}

/** The text of a DirectoryString or IA5String. Throws RangeError for another type or wrong bytes. */
export function derText({ tag, content }: DerElement): string {
  switch (tag) {
    case derTag.utf8String:
      return utf8.decode(content)
    case derTag.printableString:
    case derTag.numericString:
    case derTag.ia5String:
      return content.toString('ascii')
    case derTag.t61String:
      // Nominally T.61; everybody writes and reads Latin-1.
      return content.toString('latin1')
    case derTag.bmpString:
      return bmpText(content)
    default:
      throw new RangeError(`name attribute has string type ${tag}`)
  }
}

function bmpText(content: Buffer): string {
  if (content.length % 2 !== 0) throw new RangeError('BMPString has an odd length')
  const text = Buffer.from(content).swap16().toString('utf16le')
  return text.endsWith('\0') ? text.slice(0, -1) : text
}
