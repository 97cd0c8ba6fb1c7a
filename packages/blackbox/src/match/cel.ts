// SPDX-License-Identifier: Apache-2.0
import { type ASTNode, Environment, type ParseResult } from '@marcbachmann/cel-js'
import { Pattern } from './re2.ts'

/** What cel-go's standard library has; cel-js has more, which a config for the peer can't use. */
const standardFunctions = new Set(
  'bool bytes double duration dyn has int matches size string timestamp type uint'.split(' '),
)
const macros = new Set(['all', 'exists', 'exists_one', 'filter', 'map'])
const standardMethods = new Set([
  ...macros,
  ...'contains endsWith matches size startsWith'.split(' '),
  ...'getDate getDayOfMonth getDayOfWeek getDayOfYear getFullYear getHours getMilliseconds'.split(' '),
  ...'getMinutes getMonth getSeconds'.split(' '),
])

/** The name under which `matches` runs on RE2; cel-js's own runs on JavaScript's regular expressions. */
const linearMatches = 'matchesRe2'

const environment = new Environment({ homogeneousAggregateLiterals: false })
  .registerVariable('body', 'dyn')
  .registerFunction(`string.${linearMatches}(string): bool`, matches, { async: false })
  .registerFunction('matches(string, string): bool', matches, { async: false })

/** A CEL expression over `body`, a JSON value. */
export class CelProgram {
  /** The expression as it was written. */
  readonly source: string
  /** How deep its loops over the body stand in one another. */
  readonly depth: number
  /** Whether it may run regular expressions. */
  readonly usesRegexp: boolean
  readonly #evaluate: ParseResult

  private constructor(source: string, depth: number, evaluate: ParseResult) {
    this.source = source
    this.depth = depth
    this.usesRegexp = source.includes('matches')
    this.#evaluate = evaluate
  }

  /**
   * Compiles an expression of CEL's standard library.
   * Throws Error for a syntax error, an undeclared name, a function of no standard, and types that don't fit.
   */
  static compile(source: string): CelProgram {
    const evaluate = environment.parse(source)
    const depth = prepare(evaluate.ast)
    const { error } = evaluate.check()
    if (error !== undefined) throw error
    return new CelProgram(source, depth, evaluate)
  }

  /** What the expression is for a body. Throws Error when it has no value, or one that is no boolean. */
  evaluate(body: unknown): boolean {
    const value: unknown = this.#evaluate({ body })
    if (typeof value !== 'boolean') throw new Error('the result is not a boolean')
    return value
  }
}

/** The JSON value of a body, for `CelProgram.evaluate`. Throws SyntaxError when it is none. */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text)
  // cel-js takes the type of an object from its constructor, so that a body with such a key has to come as a Map.
  return text.includes('constructor') || text.includes('\\u') ? withMaps(value) : value
}

function withMaps(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(withMaps)
  return new Map(Object.entries(value).map(([key, entry]) => [key, withMaps(entry)]))
}

/** Refuses calls that are no standard, sends `matches` to RE2, and gives the depth of loops. */
function prepare(part: unknown): number {
  if (Array.isArray(part)) return Math.max(0, ...part.map(prepare))
  if (!isNode(part)) return 0
  if (part.op === 'call') requireStandard(part.args[0], standardFunctions)
  if (part.op !== 'rcall') return prepare(part.args)
  const [name, receiver, args] = part.args
  requireStandard(name, standardMethods)
  // The checker looks the name up later, in this very array.
  if (name === 'matches') part.args[0] = linearMatches
  return Math.max(prepare(receiver), prepare(args) + (macros.has(name) ? 1 : 0))
}

function isNode(part: unknown): part is ASTNode {
  return typeof part === 'object' && part !== null && 'op' in part
}

function requireStandard(name: string, known: ReadonlySet<string>): void {
  if (!known.has(name)) throw new Error(`undeclared reference to '${name}'`)
}

const patterns = new Map<string, Pattern>()

function matches(text: string, source: string): boolean {
  let compiled = patterns.get(source)
  if (compiled === undefined) {
    // A body can bring its own expressions; don't keep them for ever.
    if (patterns.size >= 100) patterns.clear()
    compiled = Pattern.compile(source)
    patterns.set(source, compiled)
  }
  return compiled.matchesText(text)
}
