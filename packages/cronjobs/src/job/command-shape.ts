// SPDX-License-Identifier: Apache-2.0
import { list, type Shape, text } from '@leadline/kit'

/** What a container runs: a text for the shell, a list that is run as it is, or undefined for what the image says. */
export type Command = string | readonly string[] | undefined

const line = text('Run by `/bin/sh -ec`.')
const word = text('One argument.')
const words = list('Run without a shell.', word)

/** A job's command. */
export function commandShape(description: string): Shape<Command> {
  return {
    absent: undefined,
    schema: {
      title: 'text or a list',
      description,
      type: ['string', 'array', 'null'],
      items: word.schema,
    },
    print: (value) => (typeof value === 'string' ? value : value && words.print(value)),
    read(node) {
      if (node.isNull) return undefined
      const value = node.items() === undefined ? line.read(node) : words.read(node)
      return value.length === 0 ? node.fail('the command is empty; leave it out to run what the image says') : value
    },
  }
}
