// SPDX-License-Identifier: Apache-2.0
import * as fc from 'fast-check'
import { test } from 'tap'
import { LineSplitter } from '../src/watch/line-splitter.ts'

const chunk = fc.oneof(
  fc.uint8Array({ maxLength: 12 }),
  fc.constantFrom('\n', '\n\n', 'ü\n', 'x').map((text) => Buffer.from(text)),
)

test('lines are the same wherever the stream is cut', (t) => {
  fc.assert(
    fc.property(fc.array(chunk, { maxLength: 20 }), fc.integer({ min: 1, max: 20 }), (chunks, mostBytes) => {
      const whole = Buffer.concat(chunks)
      const splitter = new LineSplitter(mostBytes)
      const lines = chunks.flatMap((each) => [...splitter.push(Buffer.from(each))].map((line) => line?.toString('hex')))
      const expected = whole.toString('latin1').split('\n').slice(0, -1)
      const wanted = expected.map((line) =>
        line.length > mostBytes ? undefined : Buffer.from(line, 'latin1').toString('hex'),
      )
      return JSON.stringify(lines) === JSON.stringify(wanted)
    }),
    { numRuns: 500 },
  )
  t.end()
})
