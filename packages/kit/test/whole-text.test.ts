// SPDX-License-Identifier: Apache-2.0
import { wholeText } from '@leadline/kit'
import { test } from 'tap'

async function* inPieces(...pieces: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* pieces
}

test('a body is read as one text, wherever its pieces part a character', async (t) => {
  const [start, end] = [Buffer.from([0x7a, 0xc3]), Buffer.from([0xbc])]
  t.equal(await wholeText(inPieces(start, end), 3), 'zü')
  await t.rejects(wholeText(inPieces(start, end), 2), { message: 'the answer is longer than 2 bytes' })
})
