// SPDX-License-Identifier: Apache-2.0
import * as fc from 'fast-check'
import { test } from 'tap'
import { parseCertificate } from '../src/tls/certificate.ts'
import { DerReader, derElements, derOid, derTag, derTime } from '../src/tls/der.ts'
import { Lru } from '../src/tls/lru.ts'
import { makeAuthority, makeCertificate } from './servers/certificates.ts'
import { der, oid } from './servers/der.ts'

test('serial numbers are the bytes of the number', async (t) => {
  const serials = [
    ['0f', '0f'],
    ['ff01', 'ff01'],
    ['01', '01'],
    ['7f00', '7f00'],
    ['0fca0500', '0fca0500'],
  ] as const
  for (const [serial, expected] of serials) {
    t.equal(parseCertificate((await makeCertificate({ serial })).der).serial, expected)
  }
})

test('validity is read in both forms, to the second', async (t) => {
  const before = new Date('2049-12-31T23:59:58Z')
  const after = new Date('2050-01-01T00:00:01Z')
  const certificate = parseCertificate((await makeAuthority('root', { notBefore: before, notAfter: after })).der)
  t.strictSame([certificate.notBefore, certificate.notAfter], [before.getTime() / 1000, after.getTime() / 1000])
})

const time = (tag: number, text: string): number => derTime(new DerReader(der(tag, Buffer.from(text))).read())

test('times of RFC 5280, and no others', async (t) => {
  t.equal(time(derTag.utcTime, '500101000000Z'), Date.UTC(1950, 0, 1) / 1000)
  t.equal(time(derTag.utcTime, '491231235959Z'), Date.UTC(2049, 11, 31, 23, 59, 59) / 1000)
  t.equal(time(derTag.generalizedTime, '99991231235959Z'), 253402300799)
  t.equal(time(derTag.generalizedTime, '00010101000000Z'), -62135596800)
  for (const [tag, text] of [
    [derTag.utcTime, '4912312359Z'],
    [derTag.utcTime, '20491231235959Z'],
    [derTag.utcTime, '491231235959+0100'],
    [derTag.generalizedTime, '491231235959Z'],
    [derTag.generalizedTime, '20491231235959.5Z'],
  ] as const) {
    t.throws(() => time(tag, text), { name: 'RangeError' }, text)
  }
})

test('object identifiers', async (t) => {
  for (const text of ['2.5.4.3', '1.2.840.113549.1.1.11', '0.9.2342.19200300.100.1.25', '2.999.3']) {
    const encoded = text === '2.999.3' ? Buffer.from([0x06, 3, 0x88, 0x37, 3]) : oid(text)
    t.equal(derOid(new DerReader(encoded).read(derTag.oid).content), text)
  }
})

test('an endless object identifier is refused at once', async (t) => {
  t.throws(() => derOid(Buffer.alloc(100_000, 0xff)), { name: 'RangeError' })
})

test('a certificate that is broken anywhere is refused, and nothing else happens', async (t) => {
  const { der: good } = await makeCertificate({ names: ['a.example'], ips: ['::1'], usages: ['1.3.6.1.5.5.7.3.1'] })
  const change = fc.tuple(fc.nat(good.length - 1), fc.nat(255))
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), fc.nat(good.length), (changes, length) => {
      const bytes = Buffer.from(good)
      for (const [at, value] of changes) bytes[at] = value
      for (const input of [bytes, bytes.subarray(0, length)]) {
        try {
          parseCertificate(input)
        } catch (error) {
          if (!(error instanceof Error) || error.message !== 'x509: malformed certificate') throw error
        }
      }
    }),
    { numRuns: 2000 },
  )
  t.pass()
})

test('DER of any bytes is read to its end or refused', async (t) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      try {
        const elements = derElements(Buffer.from(bytes))
        return Buffer.concat(elements.map(({ raw }) => raw)).equals(bytes)
      } catch (error) {
        return error instanceof RangeError
      }
    }),
    { numRuns: 5000 },
  )
  t.pass()
})

test('an LRU keeps so many, and forgets those that nobody asks for first', async (t) => {
  const lru = new Lru<number>(3)
  lru.keep('a', 1)
  lru.keep('b', 2)
  lru.keep('c', 3)
  t.equal(lru.find('a'), 1)
  lru.keep('d', 4)
  t.strictSame(
    ['a', 'b', 'c', 'd'].map((key) => lru.find(key)),
    [1, undefined, 3, 4],
  )
  t.equal(lru.size, 3)
  // All were asked for by now: then the oldest goes.
  lru.keep('e', 5)
  t.equal(lru.size, 3)
  t.equal(lru.find('e'), 5)
  lru.keep('e', 6)
  t.equal(lru.find('e'), 6)
  t.equal(lru.size, 3)
})
