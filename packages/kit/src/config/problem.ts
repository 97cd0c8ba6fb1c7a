// SPDX-License-Identifier: Apache-2.0

/** One mistake in a config: where, what, how to mend. */
export interface Problem {
  readonly file: string
  /** From 1; 0 when the whole file is meant. */
  readonly line: number
  readonly column: number
  readonly message: string
}

/** A config that can't be used. The message has one line for each mistake: `file:line:column: what`. */
export class ConfigError extends Error {
  readonly problems: readonly Problem[]
  constructor(problems: readonly Problem[]) {
    super(problems.map(problemLine).join('\n'))
    this.name = 'ConfigError'
    this.problems = problems
  }
}

/** A problem as `file:line:column: what`. */
export function problemLine({ file, line, column, message }: Problem): string {
  return line === 0 ? `${file}: ${message}` : `${file}:${line}:${column}: ${message}`
}
