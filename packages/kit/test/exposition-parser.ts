// SPDX-License-Identifier: Apache-2.0

/** A family as a page tells it. */
export interface ParsedFamily {
  readonly name: string
  readonly type: string
  readonly help: string
  readonly samples: readonly ParsedSample[]
}

/** A sample line, its labels sorted by name. */
export interface ParsedSample {
  readonly name: string
  readonly labels: readonly (readonly [string, string])[]
  readonly value: number
}

type Mutable = ParsedFamily & { readonly samples: ParsedSample[] }

/**
 * Reads a page character by character from the grammar of the formats' specifications, sharing nothing with the encoder.
 * Throws Error for whatever the grammar doesn't allow.
 */
export class PageParser {
  readonly #text: string
  readonly #openMetrics: boolean
  #at = 0

  constructor(text: string, openMetrics: boolean) {
    this.#text = text
    this.#openMetrics = openMetrics
  }

  families(): ParsedFamily[] {
    const families: Mutable[] = []
    while (this.#at < this.#text.length) {
      if (this.#take('# HELP ')) families.push(this.#head())
      else if (this.#openMetrics && this.#take('# EOF\n')) return this.#ended(families)
      else (families.at(-1) as Mutable).samples.push(this.#sample())
    }
    if (this.#openMetrics) throw new Error('no # EOF')
    return families
  }

  #ended(families: ParsedFamily[]): ParsedFamily[] {
    if (this.#at !== this.#text.length) throw new Error('something follows # EOF')
    return families
  }

  #head(): Mutable {
    const name = this.#name(/[a-zA-Z0-9_:]/)
    this.#expect(' ')
    const help = this.#until('\n', this.#openMetrics ? '\\n"' : '\\n')
    this.#expect('# TYPE ')
    if (this.#name(/[a-zA-Z0-9_:]/) !== name) throw new Error(`TYPE of another name than HELP of ${name}`)
    this.#expect(' ')
    return { name, help, type: this.#until('\n', ''), samples: [] }
  }

  #sample(): ParsedSample {
    let name = this.#peek() === '{' ? '' : this.#name(/[a-zA-Z0-9_:]/)
    const labels: [string, string][] = []
    if (this.#take('{')) {
      if (name === '') {
        name = this.#name(/[a-zA-Z0-9_:]/)
        if (this.#peek() !== '}') this.#expect(',')
      }
      while (!this.#take('}')) labels.push(this.#label())
    }
    this.#expect(' ')
    return { name, labels: labels.toSorted(([a], [b]) => (a < b ? -1 : 1)), value: this.#number() }
  }

  #label(): [string, string] {
    const name = this.#name(/[a-zA-Z0-9_]/)
    this.#expect('="')
    const value = this.#until('"', '\\n"')
    if (this.#peek() !== '}') this.#expect(',')
    return [name, value]
  }

  #name(legal: RegExp): string {
    if (this.#take('"')) return this.#until('"', '\\n"')
    let name = ''
    while (legal.test(this.#peek())) name += this.#next()
    if (name === '' || /^\d/.test(name)) throw new Error(`no name at ${this.#at}`)
    return name
  }

  /** Up to the end, undoing the escapes that are allowed: of the backslash itself, `n` for a line feed, others. */
  #until(end: string, escapes: string): string {
    let text = ''
    for (;;) {
      const char = this.#next()
      if (char === end) return text
      if (char === '\n') throw new Error('a bare line feed')
      if (char !== '\\') text += char
      else {
        const escaped = this.#next()
        if (escaped === '' || !escapes.includes(escaped)) throw new Error(`escape \\${escaped}`)
        text += escaped === 'n' ? '\n' : escaped
      }
    }
  }

  #number(): number {
    const text = this.#until('\n', '')
    if (text === 'NaN') return NaN
    if (text === '+Inf' || text === '-Inf') return text === '+Inf' ? Infinity : -Infinity
    if (!/^-?\d+(?:\.\d+)?(?:e[+-]\d\d+)?$/.test(text)) throw new Error(`number ${text}`)
    return Number(text)
  }

  #peek(): string {
    return this.#text.charAt(this.#at)
  }

  #next(): string {
    if (this.#at >= this.#text.length) throw new Error('the page ends too early')
    return this.#text.charAt(this.#at++)
  }

  #take(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false
    this.#at += text.length
    return true
  }

  #expect(text: string): void {
    if (!this.#take(text)) throw new Error(`no ${JSON.stringify(text)} at ${this.#at}`)
  }
}
