// SPDX-License-Identifier: Apache-2.0

import { bool, ConfigError, duration, integer, list, mapOf, object, readConfig, text } from '@leadline/kit'
import { test } from 'tap'

const shape = object('top', {
  name: text('a name'),
  timeout: duration('a timeout'),
  enabled: bool('on or off', true),
  codes: list('codes', integer('a code')),
  labels: mapOf('labels', text('value')),
})

test('every mistake is told at its place with its mend', async (t) => {
  t.throws(() => readConfig(shape, 'nmae: x\ntimeout: 5\ncodes: [a]\nenabled: ye\n', 'a.yml'), {
    name: 'ConfigError',
    message: [
      'a.yml:1:1: field nmae not found; did you mean name? Allowed here: name, timeout, enabled, codes, labels',
      'a.yml:2:10: timeout: "5" is not a duration; write 5s for 5 seconds',
      'a.yml:3:9: codes[0]: wants a whole number, not "a"',
      'a.yml:4:10: enabled: wants true or false, not "ye"',
    ].join('\n'),
  })
  t.type(ConfigError, 'function')
})

test('scalars coerce as in yaml.v3', async (t) => {
  const value = readConfig(shape, 'name: 123\nenabled: "yes"\nlabels: {a: 1.0, b: true}\n', 'a.yml')
  t.match(value, { name: '123', enabled: true, timeout: 0, codes: [] })
  t.strictSame(
    [...value.labels],
    [
      ['a', '1.0'],
      ['b', 'true'],
    ],
  )
})
