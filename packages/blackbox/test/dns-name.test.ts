// SPDX-License-Identifier: Apache-2.0
import * as fc from 'fast-check'
import { test } from 'tap'
import { Malformed } from '../src/dns/malformed.ts'
import { encodeName, nameText, skipName } from '../src/dns/name.ts'

function onWire(text: string): string {
  return encodeName(text).toString('latin1')
}

test('names in text form', async (t) => {
  t.equal(onWire(''), '\0', 'empty is the root, as for a module without a dns block')
  t.equal(onWire('.'), '\0')
  t.equal(onWire('example.com'), '\x07example\x03com\0')
  t.equal(onWire('example.com.'), '\x07example\x03com\0')
  t.equal(onWire('a\\.b\\\\c.d'), '\x05a.b\\c\x01d\0')
  t.equal(onWire('\\065\\255x'), '\x03A\xffx\0')
  t.equal(onWire('ü.de'), '\x02\xc3\xbc\x02de\0')
  t.equal(onWire('ends\\.'), '\x05ends.\0', 'an escaped dot ends no name')
})

test('what is no name', async (t) => {
  t.throws(() => encodeName('a..b'), { message: 'it has an empty label' })
  t.throws(() => encodeName('.a'), { message: 'it has an empty label' })
  t.throws(() => encodeName('..'), { message: 'it has an empty label' })
  t.throws(() => encodeName(`${'a'.repeat(64)}.b`), { message: 'a label is longer than 63 octets' })
  t.throws(() => encodeName(Array(128).fill('a').join('.')), { message: 'it is longer than 255 octets' })
  t.throws(() => encodeName('a\\'), { message: 'it has a broken escape' })
  t.throws(() => encodeName('a\\256'), { message: 'it has a broken escape' })
  t.equal(encodeName(Array(127).fill('a').join('.')).length, 255)
})

test('any labels survive the way to text and back', async (t) => {
  const label = fc.uint8Array({ minLength: 1, maxLength: 63 })
  const roundTrip = fc.property(fc.array(label, { maxLength: 3 }), (labels) => {
    const wire = Buffer.concat([...labels.flatMap((bytes) => [Uint8Array.of(bytes.length), bytes]), Buffer.alloc(1)])
    return encodeName(nameText(wire, 0, wire.length)).equals(wire) && skipName(wire, 0, wire.length) === wire.length
  })
  t.doesNotThrow(() => fc.assert(roundTrip))
})

test('compression pointers: followed, also forwards, and bounded', async (t) => {
  const message = Buffer.from('\x01a\xc0\x06\xff\xff\x01b\0', 'latin1')
  t.equal(nameText(message, 0, message.length), 'a.b.')
  t.equal(skipName(message, 0, message.length), 4)
  const loop = Buffer.from('c000', 'hex')
  t.throws(() => nameText(loop, 0, 2), Malformed, 'to itself')
  const pair = Buffer.from('c002c000', 'hex')
  t.throws(() => nameText(pair, 0, 4), Malformed, 'to one another')
  const growing = Buffer.from('0161c000', 'hex')
  t.throws(() => nameText(growing, 0, 4), Malformed, 'a label longer at each turn')
  // 126 pointers in a row, then the root.
  const chain = Buffer.alloc(254)
  for (let i = 0; i < 126; i++) chain.writeUInt16BE(0xc000 | (2 * i + 2), 2 * i)
  t.equal(nameText(chain, 0, chain.length), '.')
  const longer = Buffer.concat([Buffer.from('c002', 'hex'), chain])
  for (let i = 0; i < 127; i++) longer.writeUInt16BE(0xc000 | (2 * i + 2), 2 * i)
  t.throws(() => nameText(longer, 0, longer.length), Malformed)
  t.throws(() => nameText(message, 0, 7), Malformed, 'nothing behind the end is read')
})
