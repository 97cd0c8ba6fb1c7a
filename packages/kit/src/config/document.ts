// SPDX-License-Identifier: Apache-2.0
import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
} from 'yaml'
import { type Aliases, aliasesOf } from './aliases.ts'
import { duplicateKeys } from './duplicate-keys.ts'
import { ConfigError, type Problem } from './problem.ts'

const binaryTag = 'tag:yaml.org,2002:binary'

/** Thrown by `ConfigNode.fail` after the problem is noted; readers of lists and maps catch it and go on to the next entry. */
export class Noted extends Error {}

interface Source {
  readonly file: string
  readonly aliases: Aliases
  readonly lines: LineCounter
  readonly problems: Problem[]
  readonly warnings: Problem[]
}

/** A parsed text: its top node, and where reading it puts mistakes and warnings. */
export interface ConfigDocument {
  readonly top: ConfigNode
  readonly problems: readonly Problem[]
  readonly warnings: readonly Problem[]
}

/** Where a node begins in its file; line and column from 1. */
export type Place = Omit<Problem, 'message'>

/** An entry of a mapping. */
export interface Entry {
  readonly key: string
  readonly keyNode: ConfigNode
  readonly value: ConfigNode
}

/** A YAML node that knows its place. Aliases are followed and merge keys are spread, as Go's yaml.v3 does. */
export class ConfigNode {
  /** Path from the top, such as `modules.http_2xx.timeout`. */
  readonly path: string
  readonly #source: Source
  readonly #node: Node | null
  readonly #place: number

  private constructor(source: Source, node: Node | null, path: string, place: number) {
    this.path = path
    this.#source = source
    // An alias is reported where it stands, not where its anchor does.
    this.#place = node?.range?.[0] ?? place
    this.#node = isAlias(node) ? this.#follow(source.aliases, node) : node
  }

  #follow(aliases: Aliases, alias: Alias): Node | null {
    const target = aliases.target(alias)
    if (target === undefined) this.note(`there is no anchor &${alias.source} above`)
    else if (!aliases.follow(target)) this.fail(`the aliases, *${alias.source} among them, stand for too much`)
    return target ?? null
  }

  /**
   * The top node of the first document of a YAML text.
   * Throws ConfigError for broken YAML, duplicate keys and an empty text.
   */
  static parse(text: string, file: string): ConfigDocument {
    const { documents, lines } = parseText(text)
    const [document] = documents
    if (document === undefined)
      throw new ConfigError([{ file, line: 0, column: 0, message: 'the file is empty (EOF)' }])
    return ConfigNode.#read(document, lines, file)
  }

  /** The top nodes of all documents of a YAML text. Throws ConfigError for broken YAML and duplicate keys in the first
   * document that has them. */
  static parseAll(text: string, file: string): ConfigDocument[] {
    const { documents, lines } = parseText(text)
    return documents.map((document) => ConfigNode.#read(document, lines, file))
  }

  static #read(document: Document, lines: LineCounter, file: string): ConfigDocument {
    const problemAt = (offset: number, message: string): Problem => {
      const { line, col } = lines.linePos(offset)
      return { file, line, column: col, message }
    }
    const broken = [
      ...document.errors.map(({ pos, message }) => problemAt(pos[0], message.split(' at line ')[0] as string)),
      ...duplicateKeys(document).map((offset) => problemAt(offset, 'Map keys must be unique')),
    ]
    if (broken.length > 0) throw new ConfigError(broken)
    const source: Source = { file, aliases: aliasesOf(document), lines, problems: [], warnings: [] }
    const top = new ConfigNode(source, document.contents, '', 0)
    return { top, problems: source.problems, warnings: source.warnings }
  }

  /** Notes a problem at this node; the reading goes on. */
  note(message: string): void {
    this.#source.problems.push(this.#problem(message))
  }

  /** Notes what is accepted, but not well. */
  warn(message: string): void {
    this.#source.warnings.push(this.#problem(message))
  }

  #problem(message: string): Problem {
    const where = this.path === '' ? '' : `${this.path}: `
    return { ...this.place, message: where + message }
  }

  /** Where this node begins; that of an alias where it stands, that of an absent value where its key does. */
  get place(): Place {
    const { line, col } = this.#source.lines.linePos(this.#place)
    return { file: this.#source.file, line, column: col }
  }

  /** Notes a problem at this node and gives the node up. */
  fail(message: string): never {
    this.note(message)
    throw new Noted(message)
  }

  get isNull(): boolean {
    return this.#node === null || (isScalar(this.#node) && this.#node.value === null)
  }

  /** What kind of node this is, in the words of an error message. */
  get kind(): string {
    if (this.isNull) return 'nothing'
    if (isMap(this.#node)) return 'a mapping'
    if (isSeq(this.#node)) return 'a list'
    return isScalar(this.#node) ? `"${this.scalar()?.toString('utf8') ?? ''}"` : 'an unknown node'
  }

  /** Bytes of a scalar as it was written (quotes removed, `!!binary` decoded); undefined for a mapping or a list. */
  scalar(): Buffer | undefined {
    const node = this.#node
    if (!isScalar(node)) return undefined
    if (node.tag === binaryTag)
      return node.value instanceof Uint8Array ? Buffer.from(node.value) : Buffer.from(String(node.value), 'base64')
    return Buffer.from(typeof node.value === 'string' ? node.value : (node.source ?? String(node.value)))
  }

  /** Whether a scalar was written without quotes, so that YAML may read it as a number or a boolean. */
  get isPlain(): boolean {
    return isScalar(this.#node) && (this.#node.type === 'PLAIN' || this.#node.type === undefined)
  }

  /** Entries of a list; undefined for anything else. */
  items(): ConfigNode[] | undefined {
    const node = this.#node
    if (!isSeq(node)) return undefined
    return node.items.map(
      (item, i) => new ConfigNode(this.#source, item as Node | null, `${this.path}[${i}]`, this.#place),
    )
  }

  /** Entries of a mapping, merged ones last and only where they are not overridden; undefined for anything else. */
  entries(): Entry[] | undefined {
    return this.#entries([])
  }

  /** `within` holds the mappings that are being merged into, since an anchor may hold its own alias. */
  #entries(within: readonly Node[]): Entry[] | undefined {
    const node = this.#node
    if (!isMap(node)) return undefined
    if (within.includes(node)) return this.fail('a merge key (<<) names a mapping that it stands in')
    const entries = new Map<string, Entry>()
    const merges: ConfigNode[] = []
    for (const pair of node.items) {
      const keyNode = new ConfigNode(this.#source, pair.key as Node | null, this.path, this.#place)
      const key = keyNode.scalar()?.toString('utf8')
      if (key === undefined) return keyNode.fail('a key must be plain text')
      const path = this.path === '' ? key : `${this.path}.${key}`
      const value = new ConfigNode(this.#source, pair.value as Node | null, path, keyNode.#place)
      if (key === '<<' && keyNode.isPlain) merges.push(...(value.items() ?? [value]))
      else entries.set(key, { key, keyNode, value })
    }
    for (const merged of merges) {
      const from = merged.#entries([...within, node])
      if (from === undefined) merged.fail('a merge key (<<) takes a mapping or a list of mappings')
      for (const entry of from) if (!entries.has(entry.key)) entries.set(entry.key, entry)
    }
    return [...entries.values()]
  }
}

function parseText(text: string): { readonly documents: readonly Document[]; readonly lines: LineCounter } {
  const lines = new LineCounter()
  const documents = parseAllDocuments(text, { lineCounter: lines, merge: true, uniqueKeys: false, version: '1.2' })
  return { documents: Array.isArray(documents) ? documents : [], lines }
}
