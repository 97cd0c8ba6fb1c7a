// SPDX-License-Identifier: Apache-2.0
import { RE2JS, RE2JSException } from 're2js'
import { translate } from './dialect.ts'
import { expandTemplate } from './expand.ts'

/** A match with its groups. */
export interface PatternMatch {
  /**
   * The template with `$name`, `${name}` and `$1` replaced by this match's groups, as Go's Regexp.Expand does it.
   * A name takes the longest word, so that `$1x` is the group called `1x`; groups that took no part are empty.
   */
  expand(template: Uint8Array | string): Buffer
}

/** A regular expression with the syntax and meaning of Go's regexp package: on bytes, unanchored, in linear time. */
export class Pattern {
  /** The expression as it was written. */
  readonly source: string
  readonly #engine: RE2JS
  readonly #names: ReadonlyMap<string, readonly number[]>
  /** What to search for when the expression is nothing but text; native search is several times as fast. */
  readonly #literal: Buffer | undefined

  private constructor(source: string, engine: RE2JS, names: ReadonlyMap<string, readonly number[]>) {
    this.source = source
    this.#engine = engine
    this.#names = names
    const { prefixComplete, prefixUTF8 } = engine.re2()
    this.#literal = prefixComplete ? Buffer.from(prefixUTF8 as Uint8Array) : undefined
  }

  /** Compiles an expression. Throws Error in Go's wording when it is not one. */
  static compile(source: string): Pattern {
    const { source: translated, renamed } = translate(source)
    const engine = compileEngine(translated)
    return new Pattern(source, engine, groupNumbers(engine, renamed))
  }

  /** Steps that a byte of an input costs at most: the instructions of the program, none for native search. */
  get effort(): number {
    return this.#literal === undefined ? this.#engine.programSize() : 0
  }

  /** Whether the expression matches anywhere in the bytes; a byte that is not UTF-8 counts as U+FFFD. */
  matches(input: Uint8Array): boolean {
    return this.#literal === undefined ? this.#engine.test(input) : asBuffer(input).includes(this.#literal)
  }

  /** Whether the expression matches anywhere in the text. */
  matchesText(input: string): boolean {
    return this.#engine.test(input)
  }

  /** The leftmost match, or undefined. */
  find(input: Uint8Array): PatternMatch | undefined {
    const offsets = this.#engine.re2().findUTF8SubmatchIndex(input) as readonly number[] | null
    if (offsets === null) return undefined
    return { expand: (template) => expandTemplate(template, { input, offsets, names: this.#names }) }
  }
}

function asBuffer(input: Uint8Array): Buffer {
  return input instanceof Buffer ? input : Buffer.from(input.buffer, input.byteOffset, input.length)
}

function compileEngine(source: string): RE2JS {
  try {
    return RE2JS.compile(source)
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error
    // Go quotes the place even when nothing is left to quote.
    const quoted = error.message.endsWith('`') ? error.message : `${error.message}: \`\``
    throw new Error(quoted, { cause: error })
  }
}

function groupNumbers(engine: RE2JS, renamed: ReadonlyMap<string, string>): Map<string, readonly number[]> {
  const numbers = new Map<string, readonly number[]>()
  for (const [name, number] of Object.entries(engine.namedGroups())) {
    const written = renamed.get(name) ?? name
    numbers.set(
      written,
      [...(numbers.get(written) ?? []), number].toSorted((a, b) => a - b),
    )
  }
  return numbers
}
