// SPDX-License-Identifier: Apache-2.0

/** One family of a page, its samples keyed by labels as printed, `{}` without any. */
export interface PageFamily {
  readonly type: string
  readonly help: string
  readonly samples: ReadonlyMap<string, number>
}

/** A page in the order it was printed. */
export type Page = ReadonlyMap<string, PageFamily>

const sampleLine = /^([a-zA-Z_:][\w:]*)(\{.*\})? (\S+)$/

/** Reads a page in text format 0.0.4 that holds gauges and counters only. Throws on a line it cannot read and on a
 * sample before its TYPE. */
export function readPage(text: string): Page {
  const families = new Map<string, { type: string; help: string; samples: Map<string, number> }>()
  const family = (name: string) => {
    const known = families.get(name) ?? { type: '', help: '', samples: new Map<string, number>() }
    families.set(name, known)
    return known
  }
  for (const line of text.split('\n')) {
    const [, keyword, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) ?(.*)$/.exec(line) ?? []
    if (keyword === 'HELP') family(name).help = rest
    else if (keyword === 'TYPE') family(name).type = rest
    else if (line !== '') readSample(line, families)
  }
  return families
}

function readSample(line: string, families: ReadonlyMap<string, { samples: Map<string, number> }>): void {
  const [, name = '', labels = '{}', value = ''] = sampleLine.exec(line) ?? []
  const family = families.get(name)
  if (!family) throw new Error(`not a sample of a family told before: ${line}`)
  family.samples.set(labels, Number(value.replace('Inf', 'Infinity')))
}
