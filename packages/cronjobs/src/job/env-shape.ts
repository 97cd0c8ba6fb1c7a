// SPDX-License-Identifier: Apache-2.0
import { type Infer, mapOf, object, type Shape, text } from '@leadline/kit'
import { matcher, subdomain } from './names.ts'

const plain = text('A value that may be read by anybody.')

const reference = object(
  'A value that stands in a Secret of the job’s namespace.',
  {
    secret: text('Name of the Secret.', { check: matcher(subdomain, 'is no name of a Secret') }),
    key: text('Key in the Secret.', { check: matcher('(?!\\.{1,2}$)[-._a-zA-Z0-9]+', 'is no key of a Secret') }),
  },
  {
    required: ['secret', 'key'],
    check({ secret, key }, node) {
      if (secret === '') node.at('secret').fail('secret must be set')
      if (key === '') node.at('key').fail('key must be set')
    },
  },
)

/** The value of an environment variable: as it is, or where it stands. */
export type EnvValue = string | Infer<typeof reference>

const value: Shape<EnvValue> = {
  absent: '',
  schema: {
    ...reference.schema,
    title: 'text, or secret and key',
    description: 'A value, or the Secret that it stands in.',
    type: ['string', 'number', 'boolean', 'object', 'null'],
  },
  print: (env) => (typeof env === 'string' ? plain.print(env) : reference.print(env)),
  read: (node) => (node.isNull || node.scalar() !== undefined ? plain.read(node) : reference.read(node)),
}

const nameMistake = matcher(
  '[-._a-zA-Z][-._a-zA-Z0-9]*',
  'is no name of an environment variable: letters, digits, "_", "-" and ".", and no digit first',
)

/** A job's environment, in the order of the file, since a variable may name those above it. */
export const envShape = mapOf('Environment variables, by name.', value, { checkName: nameMistake })
