// SPDX-License-Identifier: Apache-2.0
import { type Mistake, mistake, type Token, trimmed } from './token.ts'
import { zoneMistake } from './zone-name.ts'

/** A schedule's text taken apart. */
export interface ZonePrefix {
  /** What `TZ=` or `CRON_TZ=` names: `UTC` for the empty name, `Local` for the controller's zone; undefined without it. */
  readonly timeZone: string | undefined
  /** The fields or the descriptor. */
  readonly body: Token
}

/** Takes off the zone that a text may begin with, and with it the blanks around what follows. */
export function readZonePrefix(text: string): ZonePrefix | Mistake {
  const prefix = /^(?:CRON_)?TZ=/.exec(text)?.[0]
  if (prefix === undefined) return { timeZone: undefined, body: { text, column: 1 } }
  const end = text.indexOf(' ')
  if (end === -1) return mistake({ text, column: 1 }, `"${prefix}" needs a zone, a blank and then the schedule`)
  const body = trimmed({ text: text.slice(end), column: end + 1 })
  const name = text.slice(prefix.length, end)
  if (name === '' || name === 'Local') return { timeZone: name || 'UTC', body }
  const wrong = zoneMistake(name)
  if (wrong === undefined) return { timeZone: name, body }
  return mistake({ text: name, column: prefix.length + 1 }, `"${name}": ${wrong.message}`, wrong.suggestion)
}
