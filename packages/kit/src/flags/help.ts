// SPDX-License-Identifier: Apache-2.0
import { formatDuration } from '../config/duration.ts'
import type { FlagGroup, FlagSpec } from './table.ts'

const ownFlags: FlagGroup = {
  title: 'Help',
  flags: {
    help: { type: 'bool', absent: false, help: 'Show this text (also -h).' },
    version: { type: 'bool', absent: false, help: 'Show the version.' },
  },
}

/** Widest flag that still has its help beside it; the help of a wider one begins on the next line. */
const widest = 44

/** What `--help` prints: usage, description and the flags, group by group, in `columns` columns. */
export function helpText(command: string, description: string, groups: readonly FlagGroup[], columns = 110): string {
  const blocks = [...groups.filter(({ flags }) => Object.keys(flags).length > 0), ownFlags]
  const rows = blocks.flatMap(({ flags }) => Object.entries(flags).map(([name, spec]) => flagText(name, spec).length))
  const indent = Math.min(Math.max(...rows), widest) + 4
  const lines = blocks.flatMap(({ title, flags }) => [
    '',
    `${title}:`,
    ...Object.entries(flags).flatMap(([name, spec]) => flagLines(name, spec, indent, columns)),
  ])
  return [`usage: ${command} [<flags>]`, '', ...wrap(description, columns), ...lines, ''].join('\n')
}

function flagLines(name: string, spec: FlagSpec, indent: number, columns: number): string[] {
  const [first = '', ...rest] = wrap(spec.help, Math.max(columns - indent, 20))
  const flag = `  ${flagText(name, spec)}`
  const beside = flag.length + 2 <= indent ? [flag.padEnd(indent) + first] : [flag, ' '.repeat(indent) + first]
  return [...beside, ...rest.map((line) => ' '.repeat(indent) + line)]
}

function flagText(name: string, spec: FlagSpec): string {
  if (spec.type === 'bool') return name === 'help' || name === 'version' ? `--${name}` : `--[no-]${name}`
  return `--${name}=${shownValue(spec)}${spec.type === 'string' && spec.many === true ? ' ...' : ''}`
}

function shownValue(spec: Exclude<FlagSpec, { type: 'bool' }>): string {
  if (spec.type === 'duration') return formatDuration(spec.absent)
  if (spec.type !== 'string') return String(spec.absent)
  const absent = spec.many === true ? spec.absent.join(',') : spec.absent
  return absent === '' ? `<${spec.placeholder ?? 'text'}>` : absent
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}
