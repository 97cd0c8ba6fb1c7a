// SPDX-License-Identifier: Apache-2.0
import { stringify } from 'yaml'
import { ConfigNode, Noted } from './document.ts'
import { ConfigError, problemLine } from './problem.ts'
import type { JsonSchema, Shape } from './shape.ts'

/**
 * Reads a YAML text by a shape; `file` is what it calls the text, `warn` gets a line for what is accepted, but not well.
 * Throws ConfigError that lists every mistake.
 */
export function readConfig<T>(shape: Shape<T>, text: string, file: string, warn?: (line: string) => void): T {
  const { top, problems, warnings } = ConfigNode.parse(text, file)
  try {
    const value = shape.read(top)
    if (problems.length === 0) {
      for (const warning of warnings) warn?.(problemLine(warning))
      return value
    }
  } catch (error) {
    if (!(error instanceof Noted)) throw error
  }
  throw new ConfigError(problems)
}

/** A config as YAML without its secrets; loads again when it has none. */
export function printConfig<T>(shape: Shape<T>, value: T, indent: number): string {
  return stringify(shape.print(value) ?? {}, { indent, lineWidth: 0, customTags: ['binary'] })
}

/** The whole JSON Schema of a config file, for editors. */
export function jsonSchemaOf<T>(shape: Shape<T>, title: string): JsonSchema {
  return { $schema: 'https://json-schema.org/draft/2020-12/schema', ...shape.schema, title }
}
