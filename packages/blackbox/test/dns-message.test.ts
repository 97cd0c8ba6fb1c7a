// SPDX-License-Identifier: Apache-2.0

import { readFileSync } from 'node:fs'
import * as codec from 'dns-packet'
import * as fc from 'fast-check'
import { test } from 'tap'
import { Malformed } from '../src/dns/malformed.ts'
import { decodeMessage } from '../src/dns/message.ts'
import { recordText } from '../src/dns/presentation.ts'
import { answerSerial, isSigned } from '../src/dns/records.ts'

/** Decodes and shows everything; gives up on what is no message. Any other throw is a mistake. */
function swallow(octets: Uint8Array): void {
  try {
    const message = decodeMessage(Buffer.from(octets))
    for (const section of [message.answer, message.authority, message.additional]) {
      for (const record of section) recordText(message, record)
    }
    answerSerial(message)
    isSigned(message)
  } catch (error) {
    if (!(error instanceof Malformed)) throw error
  }
}

const packets = readFileSync(new URL('golden/dns/vectors.jsonl', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .slice(1)
  .map((line) => Buffer.from((JSON.parse(line) as { packet: string }).packet, 'hex'))

test('arbitrary octets never break the decoder', async (t) => {
  const octets = fc.uint8Array({ maxLength: 600 })
  t.doesNotThrow(() => fc.assert(fc.property(octets, swallow), { numRuns: 2000 }))
})

test('mutated replies never break the decoder', async (t) => {
  const edit = fc.record({ at: fc.nat(), octet: fc.nat(255), kind: fc.constantFrom('set', 'insert', 'remove', 'cut') })
  const mutations = fc.property(
    fc.constantFrom(...packets),
    fc.array(edit, { minLength: 1, maxLength: 5 }),
    (packet, edits) => {
      const octets = [...packet]
      for (const { at, octet, kind } of edits) {
        const place = at % (octets.length + 1)
        if (kind === 'set') octets[Math.min(place, octets.length - 1)] = octet
        else if (kind === 'insert') octets.splice(place, 0, octet)
        else octets.splice(place, kind === 'remove' ? 1 : octets.length)
      }
      swallow(Uint8Array.from(octets))
    },
  )
  t.doesNotThrow(() => fc.assert(mutations, { numRuns: 5000 }))
})

test('the largest message full of the longest names is decoded in a moment', async (t) => {
  // A name of 255 octets, then records without data whose owner is that name.
  const name = Buffer.concat([...Array(3).fill(Buffer.alloc(64, 63)), Buffer.alloc(62, 61), Buffer.alloc(1)])
  const record = Buffer.from('c00c00100001000000000000', 'hex')
  const count = Math.floor((65_535 - 12 - name.length - 4) / record.length)
  const header = Buffer.from('000181800001000000000000', 'hex')
  header.writeUInt16BE(count, 6)
  const octets = Buffer.concat([header, name, Buffer.from('00010001', 'hex'), ...Array(count).fill(record)])
  const begin = process.cpuUsage()
  t.equal(decodeMessage(octets).answer.length, count)
  const { user, system } = process.cpuUsage(begin)
  t.ok(user + system < 250_000, `${user + system} us`)
})

function named(name: string): codec.Answer {
  return { type: 'A', name, ttl: 60, data: '192.0.2.1' }
}

test('counts of a foreign encoder', async (t) => {
  const list = fc.array(fc.constantFrom('a.example', 'b.example'), { maxLength: 20 })
  fc.assert(
    fc.property(list, list, list, fc.nat(15), (answers, authorities, additionals, rcode) => {
      const octets = codec.encode({
        type: 'response',
        flags: rcode,
        questions: [{ type: 'A', name: 'a.example' }],
        answers: answers.map(named),
        authorities: authorities.map(named),
        additionals: additionals.map(named),
      })
      const message = decodeMessage(octets)
      t.strictSame(
        [message.answer.length, message.authority.length, message.additional.length, message.rcode],
        [answers.length, authorities.length, additionals.length, rcode],
      )
      for (const [i, record] of message.answer.entries()) {
        t.equal(recordText(message, record), `${answers[i]}.\t60\tIN\tA\t192.0.2.1`)
      }
    }),
  )
})

/** Serial of a reply with one SOA, of which the data is given in hexadecimal. */
function serialOf(data: string): number {
  const length = (data.length / 2).toString(16).padStart(4, '0')
  return answerSerial(decodeMessage(Buffer.from(`000181800000000100000000000006000100000000${length}${data}`, 'hex')))
}

test('the serial of an SOA that stops short', async (t) => {
  t.equal(serialOf('0000000003e8'), 1000)
  t.equal(serialOf('0000'), 0)
  t.equal(serialOf('00'), 0)
  t.equal(serialOf(''), 0)
})
