// SPDX-License-Identifier: Apache-2.0
import { messageOf, type Shape, text } from '@leadline/kit'
import { CelProgram } from './cel.ts'

/** A CEL expression over `body`; undefined when absent. */
export function celExpression(description: string): Shape<CelProgram | undefined> {
  const written = text(description, { schema: { title: 'a CEL expression', type: 'string', minLength: 1 } })
  return {
    ...written,
    absent: undefined,
    print: (program) => program?.source,
    read(node) {
      if (node.isNull) return undefined
      const source = written.read(node)
      try {
        return CelProgram.compile(source)
      } catch (error) {
        const reason = messageOf(error).split('\n')[0]
        return node.fail(`"Could not compile CEL program" expression="${source}": ${reason}`)
      }
    },
  }
}
