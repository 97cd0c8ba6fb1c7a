// SPDX-License-Identifier: Apache-2.0
import { isToken } from './headers-config.ts'
import type { Headers } from './wire.ts'

/** Header fields in the order they came. */
export class HeaderList implements Headers {
  readonly #names: string[] = []
  readonly #values: string[] = []

  /** How many fields there are. */
  get size(): number {
    return this.#names.length
  }

  /** Adds a field; `name` is in lower case. */
  add(name: string, value: string): void {
    this.#names.push(name)
    this.#values.push(value)
  }

  /** Adds to the value of the last field. Gives false when there is none. */
  extendLast(value: string): boolean {
    const last = this.#values.pop()
    if (last === undefined) return false
    this.#values.push(`${last} ${value}`.trim())
    return true
  }

  get(name: string): readonly string[] | undefined {
    const values = this.#values.filter((_, i) => this.#names[i] === name)
    return values.length === 0 ? undefined : values
  }

  first(name: string): string | undefined {
    const i = this.#names.indexOf(name)
    return i === -1 ? undefined : this.#values[i]
  }

  /** Each name with its value. */
  entries(): readonly (readonly [name: string, value: string])[] {
    return this.#names.map((name, i) => [name, this.#values[i] as string])
  }
}

/** A field name in lower case; undefined when it is none. A space at its end is tolerated, and no name has it, as in Go. */
export function fieldName(written: string): string | undefined {
  return isToken(written.trimEnd()) ? written.toLowerCase() : undefined
}
