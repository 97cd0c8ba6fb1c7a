// SPDX-License-Identifier: Apache-2.0
import * as fc from 'fast-check'
import { test } from 'tap'
import { Inbox, LineTooLong, lineLimit } from '../src/tcp/inbox.ts'

/** All lines of an inbox that got these pieces and then the end. */
function linesOf(pieces: readonly Uint8Array[]): string[] {
  const inbox = new Inbox()
  const lines: string[] = []
  const take = (ended: boolean): void => {
    for (let line = inbox.takeLine(ended); line !== undefined; line = inbox.takeLine(ended))
      lines.push(line.toString('latin1'))
  }
  for (const piece of pieces) {
    inbox.put(piece)
    take(false)
  }
  take(true)
  return lines
}

function bytesOf(text: string): Buffer {
  return Buffer.from(text, 'latin1')
}

test('lines end in LF or CRLF, and the rest counts at the end', async (t) => {
  t.strictSame(linesOf([bytesOf('a\nb\r\n\r\n\rc\r\r\n\nd\r')]), ['a', 'b', '', '\rc\r', '', 'd'])
  t.strictSame(linesOf([]), [])
  t.strictSame(linesOf([bytesOf('\n')]), [''])
  t.strictSame(linesOf([bytesOf('\r')]), [''])
})

test('a line may be as long as in bufio.Scanner, and no longer', async (t) => {
  const longest = Buffer.alloc(lineLimit - 1, 'x')
  t.equal(linesOf([longest, bytesOf('\n')])[0]?.length, lineLimit - 1)
  t.equal(linesOf([longest])[0]?.length, lineLimit - 1)
  t.throws(() => linesOf([longest, bytesOf('x\n')]), LineTooLong)
  t.throws(() => linesOf([Buffer.concat([longest, bytesOf('x\n')])]), LineTooLong)
  t.throws(() => linesOf([longest, bytesOf('x')]), LineTooLong)
})

const text = fc.array(fc.constantFrom(0x0a, 0x0d, 0x61, 0xff), { maxLength: 200 }).map((bytes) => Buffer.from(bytes))

/** A text cut at places. */
const pieces = fc.tuple(text, fc.array(fc.nat(200))).map(([whole, places]) => {
  const cuts = [0, ...places.filter((place) => place <= whole.length).toSorted((a, b) => a - b), whole.length]
  return { whole, parts: cuts.slice(1).map((cut, i) => whole.subarray(cuts[i], cut)) }
})

test('lines do not depend on how the bytes were split', async () => {
  fc.assert(
    fc.property(pieces, ({ whole, parts }) => {
      const expected = whole
        .toString('latin1')
        .split('\n')
        .map((line) => line.replace(/\r$/, ''))
      // What follows the last LF is a line only if it is there.
      if (whole.length === 0 || whole.at(-1) === 0x0a) expected.pop()
      return JSON.stringify(linesOf(parts)) === JSON.stringify(expected)
    }),
  )
})

test('bytes are given in the order they came, however they are taken', async () => {
  fc.assert(
    fc.property(pieces, fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1 }), ({ whole, parts }, counts) => {
      const inbox = new Inbox()
      const taken: Buffer[] = []
      const take = (count: number): void => {
        const bytes = inbox.takeBytes(count)
        if (bytes !== undefined) taken.push(Buffer.from(bytes))
      }
      for (const [i, part] of parts.entries()) {
        inbox.put(part)
        take(counts[i % counts.length] as number)
      }
      take(inbox.length)
      return Buffer.concat(taken).equals(whole) && inbox.length === 0
    }),
  )
})

test('a long line that comes byte by byte is copied and searched a bounded number of times', async (t) => {
  const inbox = new Inbox()
  const piece = bytesOf('x')
  const begin = process.cpuUsage()
  for (let i = 0; i < lineLimit - 1; i++) {
    inbox.put(piece)
    inbox.takeLine(false)
  }
  const { user } = process.cpuUsage(begin)
  inbox.put(bytesOf('\n'))
  t.equal(inbox.takeLine(false)?.length, lineLimit - 1)
  // Searching again from the start each time would read 2 GiB.
  t.ok(user < 200_000, `${user} us`)
})
