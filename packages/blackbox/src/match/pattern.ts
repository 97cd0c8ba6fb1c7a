// SPDX-License-Identifier: Apache-2.0
import { type ConfigNode, list, messageOf, type Shape, text } from '@leadline/kit'
import { Pattern } from './re2.ts'

export { Pattern, type PatternMatch } from './re2.ts'

const expression = text('', { schema: { title: 'a regular expression (RE2)' } })

/** A regular expression; undefined when absent. One that is there and empty matches everything, as with the peer. */
export function pattern(description: string): Shape<Pattern | undefined> {
  return {
    absent: undefined,
    schema: { ...expression.schema, description },
    print: (value) => value?.source,
    read: (node) => (node.isNull ? undefined : compileAt(node, expression.read(node))),
  }
}

/** A list of regular expressions; absent is empty. */
export function patterns(description: string): Shape<readonly Pattern[]> {
  const item: Shape<Pattern> = {
    absent: Pattern.compile(''),
    schema: expression.schema,
    print: (value) => value.source,
    read: (node) => (node.isNull ? node.fail('wants a regular expression') : compileAt(node, expression.read(node))),
  }
  return list(description, item)
}

function compileAt(node: ConfigNode, source: string): Pattern {
  try {
    return Pattern.compile(source)
  } catch (error) {
    return node.fail(`"Could not compile regular expression" regexp="${source}": ${messageOf(error)}`)
  }
}
