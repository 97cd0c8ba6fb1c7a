// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { readConfig } from '../config/load.ts'
import { ConfigError } from '../config/problem.ts'
import type { Shape } from '../config/shape.ts'

/** Where a config comes from. */
export interface ConfigSource<C> {
  readonly shape: Shape<C>
  /** Path relative to the working directory; empty for the text below. */
  readonly file: string
  /** A text that comes from no file, and what messages call it. */
  readonly builtIn: string
  readonly builtInTitle: string
  /** Told what is accepted in a new config, but not well. */
  readonly warn: (line: string) => void
}

/** A config that can't be loaded. */
export class ConfigLoadError extends Error {
  /** One line for each mistake. */
  readonly problems: readonly string[]
  constructor(doing: string, cause: Error) {
    super(`${doing}: ${cause.message}`, { cause })
    this.name = 'ConfigLoadError'
    this.problems = cause.message.split('\n').map((problem) => `${doing}: ${problem}`)
  }
}

/** The config of now. A load either replaces it whole or leaves it as it was. */
export class ConfigStore<C> {
  readonly #source: ConfigSource<C>
  #current: C
  /** SHA-256 of the text of the current config; undefined before the first load. */
  #digest: string | undefined
  #queue: Promise<unknown> = Promise.resolve()

  constructor(source: ConfigSource<C>) {
    this.#source = source
    this.#current = source.shape.absent
  }

  /** What log lines and messages call the source. */
  get file(): string {
    return this.#source.file === '' ? this.#source.builtInTitle : this.#source.file
  }

  /** The last good config. */
  readonly current = (): C => this.#current

  /** Reads the source again; true when it had changed. Throws ConfigLoadError, and the last good config stays. */
  load(): Promise<boolean> {
    // One after the other, so that an older text can't win over a newer one.
    const loading = this.#queue.then(() => this.#load())
    this.#queue = loading.catch(() => undefined)
    return loading
  }

  async #load(): Promise<boolean> {
    const text = await this.#read()
    const digest = digestOf(text)
    if (digest === this.#digest) return false
    this.#current = this.#parse(text)
    this.#digest = digest
    return true
  }

  async #read(): Promise<string> {
    if (this.#source.file === '') return this.#source.builtIn
    try {
      return await readFile(this.#source.file, 'utf8')
    } catch (error) {
      throw new ConfigLoadError('error reading config file', error as Error)
    }
  }

  #parse(text: string): C {
    try {
      return readConfig(this.#source.shape, text, this.file, this.#source.warn)
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      throw new ConfigLoadError('error parsing config file', error)
    }
  }
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64')
}
