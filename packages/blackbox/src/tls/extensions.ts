// SPDX-License-Identifier: Apache-2.0
import { type DerElement, DerReader, derElements, derOid, derTag } from './der.ts'

/** The names of a certificate or of a name constraint (RFC 5280 section 4.2.1.6). */
export interface GeneralNames {
  readonly dns: readonly string[]
  readonly emails: readonly string[]
  readonly uris: readonly string[]
  /** Bytes of the address; in a constraint followed by the mask. */
  readonly ips: readonly Buffer[]
  /** How many names are of other kinds. */
  readonly others: number
}

/** The extensions that decide whether a certificate is good for a server (RFC 5280 section 4.2.1). */
export interface Extensions {
  /** Undefined without the extension. */
  readonly basicConstraints: { readonly isCa: boolean; readonly pathLength: number | undefined } | undefined
  /** Undefined without the extension, else whether it may sign certificates. */
  readonly maySignCertificates: boolean | undefined
  readonly names: GeneralNames
  /** DER of the subject alternative names as a Latin-1 string; undefined without the extension. */
  readonly namesKey: string | undefined
  readonly permitted: GeneralNames
  readonly excluded: GeneralNames
  /** OIDs; empty means any usage. */
  readonly extendedKeyUsages: readonly string[]
  /** Key identifiers as Latin-1 strings; empty when absent. */
  readonly subjectKeyId: string
  readonly authorityKeyId: string
  /** OIDs of critical extensions that nobody here understands. */
  readonly unhandledCritical: readonly string[]
}

type Draft = { -readonly [K in keyof Extensions]: Extensions[K] }

const noNames: GeneralNames = { dns: [], emails: [], uris: [], ips: [], others: 0 }

/** What each known extension adds; it returns false when it could not be understood in full. */
const readers: Readonly<Record<string, (draft: Draft, value: Buffer) => boolean>> = {
  '2.5.29.15': (draft, value) => {
    const [, bits = 0] = new DerReader(value).read(derTag.bitString).content
    // Bit 5 of KeyUsage; Go takes an extension without any bit for an absent one.
    if (bits !== 0) draft.maySignCertificates = (bits & 0x04) !== 0
    return true
  },
  '2.5.29.19': (draft, value) => {
    const reader = new DerReader(new DerReader(value).read(derTag.sequence).content)
    const isCa = reader.readOptional(derTag.boolean)?.content[0] === 0xff
    const length = reader.readOptional(derTag.integer)?.content
    draft.basicConstraints = { isCa, pathLength: length?.readUIntBE(0, Math.min(length.length, 6)) }
    return true
  },
  '2.5.29.17': (draft, value) => {
    draft.names = readNames(derElements(new DerReader(value).read(derTag.sequence).content))
    draft.namesKey = value.toString('latin1')
    const { dns, emails, uris, ips } = draft.names
    return dns.length + emails.length + uris.length + ips.length > 0
  },
  '2.5.29.30': (draft, value) => {
    const reader = new DerReader(new DerReader(value).read(derTag.sequence).content)
    draft.permitted = readSubtrees(reader.readOptional(0xa0))
    draft.excluded = readSubtrees(reader.readOptional(0xa1))
    return draft.permitted.others + draft.excluded.others === 0
  },
  '2.5.29.37': (draft, value) => {
    const usages = derElements(new DerReader(value).read(derTag.sequence).content)
    draft.extendedKeyUsages = usages.map(({ content }) => derOid(content))
    return true
  },
  '2.5.29.14': (draft, value) => {
    draft.subjectKeyId = new DerReader(value).read(derTag.octetString).content.toString('latin1')
    return true
  },
  '2.5.29.35': (draft, value) => {
    const id = new DerReader(new DerReader(value).read(derTag.sequence).content).readOptional(0x80)
    draft.authorityKeyId = id?.content.toString('latin1') ?? ''
    return true
  },
  // Distribution points and policies: Go reads them, too, and neither fetches the one nor asks for the other.
  '2.5.29.31': () => true,
  '2.5.29.32': () => true,
  '2.5.29.33': () => true,
  '2.5.29.36': () => true,
  '2.5.29.54': () => true,
}

/** Reads the content of `[3] Extensions`. Throws RangeError for broken DER or an extension that stands twice. */
export function readExtensions(content: Buffer | undefined): Extensions {
  const draft: Draft = {
    basicConstraints: undefined,
    maySignCertificates: undefined,
    names: noNames,
    namesKey: undefined,
    permitted: noNames,
    excluded: noNames,
    extendedKeyUsages: [],
    subjectKeyId: '',
    authorityKeyId: '',
    unhandledCritical: [],
  }
  if (content === undefined) return draft
  const seen = new Set<string>()
  const unhandled: string[] = []
  for (const extension of derElements(new DerReader(content).read(derTag.sequence).content)) {
    const reader = new DerReader(extension.content)
    const oid = derOid(reader.read(derTag.oid).content)
    const isCritical = reader.readOptional(derTag.boolean)?.content[0] === 0xff
    if (seen.has(oid)) throw new RangeError(`extension ${oid} stands twice`)
    seen.add(oid)
    const isHandled = readers[oid]?.(draft, reader.read(derTag.octetString).content) ?? false
    if (isCritical && !isHandled) unhandled.push(oid)
  }
  return { ...draft, unhandledCritical: unhandled }
}

function readSubtrees(subtrees: DerElement | undefined): GeneralNames {
  if (subtrees === undefined) return noNames
  return readNames(derElements(subtrees.content).map(({ content }) => new DerReader(content).read()))
}

function readNames(elements: readonly DerElement[]): GeneralNames {
  const names = { dns: [] as string[], emails: [] as string[], uris: [] as string[], ips: [] as Buffer[], others: 0 }
  for (const { tag, content } of elements) {
    if (tag === 0x81) names.emails.push(ia5(content))
    else if (tag === 0x82) names.dns.push(ia5(content))
    else if (tag === 0x86) names.uris.push(ia5(content))
    else if (tag === 0x87) names.ips.push(content)
    else names.others++
  }
  return names
}

function ia5(content: Buffer): string {
  if (content.some((byte) => byte > 0x7f)) throw new RangeError('a name is not ASCII')
  return content.toString('latin1')
}
