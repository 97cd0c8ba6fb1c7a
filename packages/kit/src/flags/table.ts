// SPDX-License-Identifier: Apache-2.0

interface FlagText {
  /** One sentence for `--help`. */
  readonly help: string
}

/** Text; `words` bounds it to a few. */
export interface StringFlag extends FlagText {
  readonly type: 'string'
  readonly many?: false
  readonly absent: string
  readonly words?: readonly string[]
  /** What `--help` shows in place of a value when `absent` is empty. */
  readonly placeholder?: string
}

/** Text that may be given several times; `absent` counts only when it isn't given at all. */
export interface StringsFlag extends FlagText {
  readonly type: 'string'
  readonly many: true
  readonly absent: readonly string[]
  readonly placeholder?: string
}

/** `--x` or `--no-x`. */
export interface BoolFlag extends FlagText {
  readonly type: 'bool'
  readonly absent: boolean
}

/** `uint` is a whole number from 0, `float` as Go's ParseFloat takes it, `duration` a Go duration in seconds. */
export interface NumberFlag extends FlagText {
  readonly type: 'uint' | 'float' | 'duration'
  readonly absent: number
}

/** One flag of a program. */
export type FlagSpec = StringFlag | StringsFlag | BoolFlag | NumberFlag

/** Flag name without its dashes to what it takes. */
export type FlagTable = Readonly<Record<string, FlagSpec>>

/** The value of one flag. */
export type FlagValue<S extends FlagSpec> = S extends { readonly words: readonly (infer W)[] }
  ? W
  : S extends StringsFlag
    ? readonly string[]
    : S extends StringFlag
      ? string
      : S extends BoolFlag
        ? boolean
        : number

/** The values of a table's flags. */
export type FlagValues<T extends FlagTable> = { readonly [K in keyof T]: FlagValue<T[K]> }

/** Keeps the literal types of a flag table. */
export function defineFlags<const T extends FlagTable>(table: T): T {
  return table
}

/** Flags that belong together in `--help`. */
export interface FlagGroup {
  readonly title: string
  readonly flags: FlagTable
}

/** A wrong command line; the message is one line and names the flag. */
export class FlagError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'FlagError'
  }
}
