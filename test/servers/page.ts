// SPDX-License-Identifier: Apache-2.0

type Labels = Readonly<Record<string, string>>

/** A metrics page as a test asks it. */
export interface Page {
  readonly text: string
  /** The value of the one series that has these labels, others aside; undefined when there is none. Throws when there are more. */
  value(name: string, labels?: Labels): number | undefined
  /** The values of all series that have these labels, others aside. */
  values(name: string, labels?: Labels): readonly number[]
  /** How many series have these labels, others aside. */
  count(name: string, labels?: Labels): number
}

/** Reads a page in the text format of Prometheus, as our exporter writes it. */
export function readPage(text: string): Page {
  const lines = text.split('\n')
  const find = (name: string, labels: Labels = {}): string[] => {
    const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`)
    return lines.filter(
      (line) =>
        (line.startsWith(`${name} `) || line.startsWith(`${name}{`)) && wanted.every((one) => hasLabel(line, one)),
    )
  }
  return {
    text,
    value(name, labels) {
      const [line, another] = find(name, labels)
      if (another !== undefined) throw new Error(`${name} ${JSON.stringify(labels)} is more than one series`)
      return line === undefined ? undefined : valueOf(line)
    },
    values: (name, labels) => find(name, labels).map(valueOf),
    count: (name, labels) => find(name, labels).length,
  }
}

function valueOf(line: string): number {
  return Number(line.slice(line.lastIndexOf(' ') + 1).replace('Inf', 'Infinity'))
}

function hasLabel(line: string, wanted: string): boolean {
  return line.includes(`{${wanted}`) || line.includes(`,${wanted}`)
}
