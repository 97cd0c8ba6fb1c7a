// SPDX-License-Identifier: Apache-2.0
import { parseArgs } from 'node:util'
import { parseDuration } from '../config/duration.ts'
import { nearest } from '../config/nearest.ts'
import { FlagError, type FlagSpec, type FlagTable, type FlagValues } from './table.ts'

/** A parsed command line. */
export interface ParsedFlags<T extends FlagTable> {
  readonly values: FlagValues<T>
  /** Names of the flags that were given. */
  readonly given: ReadonlySet<string>
  /** `--help` or `-h`, and `--version`, win over every other flag, mistaken ones included. */
  readonly asks: 'help' | 'version' | undefined
  /** The arguments that are no flags, in their order. */
  readonly operands: readonly string[]
}

/**
 * Reads `--flag=v`, `--flag v`, `--bool` and `--no-bool`, and operands where they are taken. Throws FlagError for the first
 * mistake.
 */
export function parseFlags<const T extends FlagTable>(
  table: T,
  argv: readonly string[],
  { takesOperands = false } = {},
): ParsedFlags<T> {
  const tokens = tokenize(table, argv)
  const asks = question(tokens)
  const values: Record<string, unknown> = {}
  for (const [name, spec] of Object.entries<FlagSpec>(table)) values[name] = spec.absent
  const given = new Set<string>()
  const operands: string[] = []
  for (const token of asks === undefined ? tokens : []) {
    if (token.kind === 'positional' && takesOperands) {
      operands.push(token.value)
      continue
    }
    const { name, value } = readToken(table, token)
    const spec = table[name] as FlagSpec
    const many = spec.type === 'string' && spec.many === true
    if (given.has(name) && !many) throw new FlagError(`flag --${name} is given twice`)
    values[name] = many && given.has(name) ? [...(values[name] as string[]), value] : many ? [value] : value
    given.add(name)
  }
  return { values: values as FlagValues<T>, given, asks, operands }
}

interface OptionToken {
  readonly kind: 'option'
  readonly name: string
  readonly value?: string | undefined
}

type Token = OptionToken | { readonly kind: 'positional'; readonly value: string }

function tokenize(table: FlagTable, argv: readonly string[]): Token[] {
  const options: Record<string, { type: 'string' | 'boolean'; short?: string }> = {
    help: { type: 'boolean', short: 'h' },
    version: { type: 'boolean' },
  }
  for (const [name, { type }] of Object.entries(table)) {
    options[name] = { type: type === 'bool' ? 'boolean' : 'string' }
    if (type === 'bool') options[`no-${name}`] = { type: 'boolean' }
  }
  const { tokens } = parseArgs({ args: [...argv], options, strict: false, tokens: true })
  return tokens.filter((token) => token.kind !== 'option-terminator')
}

function question(tokens: readonly Token[]): 'help' | 'version' | undefined {
  const has = (name: string): boolean => tokens.some((token) => token.kind === 'option' && token.name === name)
  if (has('help')) return 'help'
  return has('version') ? 'version' : undefined
}

function readToken(table: FlagTable, token: Token): { readonly name: string; readonly value: unknown } {
  if (token.kind === 'positional') throw new FlagError(`unexpected argument "${token.value}"`)
  const { name, value } = token
  const spec = Object.hasOwn(table, name) ? table[name] : undefined
  if (spec === undefined) {
    const negated = name.startsWith('no-') ? table[name.slice(3)] : undefined
    if (negated?.type !== 'bool') throw unknownFlag(table, name)
    return { name: name.slice(3), value: !readBool(name, value) }
  }
  return { name, value: spec.type === 'bool' ? readBool(name, value) : readValue(name, spec, value) }
}

function unknownFlag(table: FlagTable, name: string): FlagError {
  const near = nearest(name, [...Object.keys(table), 'help', 'version'])
  const dashes = name.length === 1 ? '-' : '--'
  return new FlagError(`unknown flag ${dashes}${name}${near === undefined ? '' : `, did you mean --${near}?`}`)
}

function readBool(name: string, value: string | undefined): boolean {
  if (value === undefined || value === 'true') return true
  if (value === 'false') return false
  throw new FlagError(`flag --${name} wants true or false, not "${value}"`)
}

function readValue(name: string, spec: Exclude<FlagSpec, { type: 'bool' }>, value: string | undefined): unknown {
  if (value === undefined) throw new FlagError(`flag --${name} wants a value`)
  if (spec.type !== 'string') return readNumber(name, spec.type, value)
  if (spec.many === true || spec.words === undefined || spec.words.includes(value)) return value
  throw new FlagError(`flag --${name} wants one of ${spec.words.join(', ')}, not "${value}"`)
}

const numberReaders = {
  uint: { read: readUint, wants: 'a whole number from 0' },
  float: { read: readFloat, wants: 'a number' },
  duration: { read: parseDuration, wants: 'a duration such as 30s or 1m30s' },
} as const

function readNumber(name: string, type: keyof typeof numberReaders, value: string): number {
  const { read, wants } = numberReaders[type]
  const number = read(value)
  if (number === undefined) throw new FlagError(`flag --${name} wants ${wants}, not "${value}"`)
  return number
}

function readUint(text: string): number | undefined {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN
  return Number.isSafeInteger(number) ? number : undefined
}

function readFloat(text: string): number | undefined {
  const number = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number(text) : Number.NaN
  return Number.isFinite(number) ? number : undefined
}
