// SPDX-License-Identifier: Apache-2.0
import { type Preference, parsePreferences, remembered } from './accept.ts'

/** How a name outside `[a-zA-Z_:][a-zA-Z0-9_:]*` is written: as it is in quotes, or turned into legal characters. */
export type Escaping = 'allow-utf-8' | 'underscores' | 'dots' | 'values'

/** A text form of metrics that Prometheus scrapes. There is one object for each, so formats can be compared by identity. */
export interface Format {
  readonly syntax: 'text' | 'openmetrics'
  readonly version: '0.0.4' | '1.0.0'
  readonly escaping: Escaping
}

interface Offer {
  readonly mediaType: string
  readonly syntax: Format['syntax']
  readonly version: Format['version']
  /** Whether a media range that names this media type but no version means this offer. */
  readonly byDefault: boolean
}

/** In our order of preference, which only counts among equals of one element of the header. */
const offers: readonly Offer[] = [
  { mediaType: 'text/plain', syntax: 'text', version: '0.0.4', byDefault: true },
  { mediaType: 'text/plain', syntax: 'text', version: '1.0.0', byDefault: false },
  // OpenMetrics 1.0, section "Protocol Negotiation": without a version, the oldest one of the standard, which is 1.0.0.
  { mediaType: 'application/openmetrics-text', syntax: 'openmetrics', version: '1.0.0', byDefault: true },
]

const escapings: readonly Escaping[] = ['underscores', 'allow-utf-8', 'dots', 'values']

const contentTypes = new Map<Format, string>()
const formatOf = new Map<Offer, ReadonlyMap<string, Format>>()
for (const offer of offers) {
  const byEscaping = new Map<string, Format>()
  for (const escaping of escapings) {
    const format: Format = Object.freeze({ syntax: offer.syntax, version: offer.version, escaping })
    byEscaping.set(escaping, format)
    contentTypes.set(format, `${offer.mediaType}; version=${offer.version}; charset=utf-8; escaping=${escaping}`)
  }
  formatOf.set(offer, byEscaping)
}

/** Every format that can be negotiated. */
export const formats: readonly Format[] = [...contentTypes.keys()]

/** Text 0.0.4 with underscores, which everything reads: sent when nothing else was asked for. */
export const textFormat: Format = formats[0] as Format

/** The Content-Type header of a page in this format, as client_golang spells it. */
export function contentType(format: Format): string {
  return contentTypes.get(format) as string
}

const chosen = remembered((accept) => choose(parsePreferences(accept)))

/**
 * The format that an Accept header prefers (RFC 9110 section 12.5.1): the highest weight, then the order of the header.
 * `textFormat` when the header is absent, can't be read or accepts nothing that we have.
 */
export function negotiate(accept: string | undefined): Format {
  return accept === undefined ? textFormat : chosen(accept)
}

function choose(preferences: readonly Preference[]): Format {
  let best: { readonly offer: Offer; readonly range: Preference } | undefined
  for (const offer of offers) {
    const range = mostSpecific(preferences, offer)
    if (range === undefined || range.q === 0) continue
    if (best === undefined || before(range, best.range, preferences)) best = { offer, range }
  }
  if (best === undefined) return textFormat
  const byEscaping = formatOf.get(best.offer)
  return byEscaping?.get(best.range.params.get('escaping') ?? '') ?? (byEscaping?.get('underscores') as Format)
}

function before(a: Preference, b: Preference, preferences: readonly Preference[]): boolean {
  return a.q > b.q || (a.q === b.q && preferences.indexOf(a) < preferences.indexOf(b))
}

/** RFC 9110 section 12.5.1: the most specific range that matches decides; among equals, the first one. */
function mostSpecific(preferences: readonly Preference[], offer: Offer): Preference | undefined {
  let best: Preference | undefined
  let bestRank = 0
  for (const preference of preferences) {
    const rank = specificity(preference, offer)
    if (rank > bestRank) {
      best = preference
      bestRank = rank
    }
  }
  return best
}

function specificity({ value, params }: Preference, offer: Offer): 0 | 1 | 2 | 3 | 4 {
  const version = params.get('version')
  if (version === undefined ? !offer.byDefault : version !== offer.version) return 0
  if (value === offer.mediaType) return version === undefined ? 3 : 4
  if (value === '*/*') return 1
  return value === `${offer.mediaType.slice(0, offer.mediaType.indexOf('/'))}/*` ? 2 : 0
}
