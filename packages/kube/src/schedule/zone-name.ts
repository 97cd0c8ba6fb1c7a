// SPDX-License-Identifier: Apache-2.0
import { nearest } from '@leadline/kit'
import { findZone } from './zone.ts'

/** Three-letter names of Java's that ICU knows besides the IANA ones; Go has none of them. */
const icuOnly =
  /^(ACT|AET|AGT|ART|AST|BET|BST|CAT|CNT|CST|CTT|EAT|ECT|IET|IST|JST|MIT|NET|NST|PLT|PNT|PRT|PST|SST|VST|SystemV\/.*)$/

/** Each part begins with a capital, as all IANA names do; length and characters as the API server checks them. */
const shape = /^[A-Z][A-Za-z0-9._+-]{0,13}(?:\/[A-Z][A-Za-z0-9._+-]{0,13})*$/

/** Why a name can't be a CronJob's time zone. */
export interface ZoneMistake {
  readonly message: string
  /** The name that was most likely meant. */
  readonly suggestion?: string
}

/**
 * Whether a name may be `spec.timeZone`: an IANA name in its exact letters. `Local` and the empty name are refused, as the
 * API server does. It looks names up in its own time zone data, this in ICU's, so a name that only one of them has is told
 * as unknown here.
 */
export function zoneMistake(name: string): ZoneMistake | undefined {
  if (name === '') return { message: "the time zone is empty: leave the field out for the controller's own zone" }
  if (name.toLowerCase() === 'local') return { message: 'the time zone must be an IANA name such as Europe/Berlin' }
  const zone = shape.test(name) && !icuOnly.test(name) ? findZone(name) : undefined
  // Where ICU gives another name than the one asked for, that is an alias, or the right letters.
  if (zone !== undefined && (zone.name === name || zone.name.toLowerCase() !== name.toLowerCase())) return undefined
  const message = 'this is no IANA time zone name, or one that the time zone data of this Node.js is too old for'
  const suggestion = zone?.name ?? nearest(name, Intl.supportedValuesOf('timeZone'))
  return suggestion === undefined ? { message } : { message, suggestion }
}
