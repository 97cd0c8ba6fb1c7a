// SPDX-License-Identifier: Apache-2.0
import { gunzipSync, zstdDecompressSync } from 'node:zlib'
import { compress, type Encoding, negotiateEncoding } from '@leadline/kit'
import * as fc from 'fast-check'
import { test } from 'tap'

const cases: readonly (readonly [header: string | undefined, answer: Encoding])[] = [
  [undefined, 'identity'],
  ['', 'identity'],
  ['identity', 'identity'],
  ['gzip', 'gzip'],
  ['GZIP ; Q=0.5', 'gzip'],
  ['x-gzip', 'gzip'],
  ['gzip, deflate, br', 'gzip'],
  ['gzip, deflate, br, zstd', 'zstd'],
  ['zstd,gzip', 'zstd'],
  ['zstd', 'zstd'],
  ['zstd;q=0.5, gzip', 'gzip'],
  ['zstd;q=0, gzip', 'gzip'],
  ['*', 'gzip'],
  ['*;q=0.1', 'gzip'],
  ['gzip;q=0, *', 'identity'],
  ['zstd;q=0, *', 'gzip'],
  ['gzip;q=0', 'identity'],
  ['*;q=0', 'identity'],
  ['identity;q=0', 'identity'],
  ['identity;q=0, gzip;q=0.001', 'gzip'],
  ['identity;q=0.5, gzip;q=0.4', 'identity'],
  ['identity;q=0.5, gzip;q=0.5', 'gzip'],
  ['gzip;q=0.3, *;q=0.5', 'identity'],
  ['br', 'identity'],
  ['gzip;q=2', 'identity'],
  ['gzip;q=', 'identity'],
  ['gzipped', 'identity'],
]

test('Accept-Encoding chooses the coding', async (t) => {
  for (const [header, answer] of cases) t.equal(negotiateEncoding(header, 5000), answer, header ?? 'no header')
})

test('a page of one TCP segment is left as it is, unless identity is refused', async (t) => {
  t.equal(negotiateEncoding('gzip', 1400), 'identity')
  t.equal(negotiateEncoding('gzip', 1401), 'gzip')
  t.equal(negotiateEncoding('gzip, identity;q=0', 10), 'gzip')
  t.equal(negotiateEncoding('zstd, *;q=0', 10), 'zstd')
  t.equal(negotiateEncoding('zstd, identity;q=0.1, *;q=0', 10), 'identity')
})

test('a coding that was not accepted is never chosen', async () => {
  const coding = fc.constantFrom('gzip', 'zstd', 'identity', '*', 'br')
  const preference = fc.record({ coding, q: fc.constantFrom(0, 0.1, 0.5, 1) })
  const preferences = fc.uniqueArray(preference, { selector: (one) => one.coding })
  fc.assert(
    fc.property(preferences, fc.constantFrom(10, 5000), (list, size) => {
      const answer = negotiateEncoding(list.map((one) => `${one.coding};q=${one.q}`).join(','), size)
      const weightOf = (name: string): number | undefined => list.find((one) => one.coding === name)?.q
      if (answer === 'zstd') return (weightOf('zstd') ?? 0) > 0
      if (answer === 'gzip') return (weightOf('gzip') ?? weightOf('*') ?? 0) > 0
      const refused = (weightOf('identity') ?? weightOf('*')) === 0
      return !refused || ((weightOf('gzip') ?? weightOf('*') ?? 0) === 0 && (weightOf('zstd') ?? 0) === 0)
    }),
  )
  fc.assert(
    fc.property(fc.string(), (header) => ['identity', 'gzip', 'zstd'].includes(negotiateEncoding(header, 5000))),
  )
})

test('what is compressed decompresses, at once when it is small', async (t) => {
  const page = 'probe_success 1 \u{1f631}\n'.repeat(100)
  const book = page.repeat(200)
  t.same(compress(page, 'identity'), Buffer.from(page))
  t.equal(gunzipSync(compress(page, 'gzip') as Buffer).toString(), page)
  t.equal(zstdDecompressSync(compress(page, 'zstd') as Buffer).toString(), page)
  t.ok(compress(book, 'gzip') instanceof Promise)
  t.equal(gunzipSync(await compress(book, 'gzip')).toString(), book)
  t.equal(zstdDecompressSync(await compress(book, 'zstd')).toString(), book)
})
