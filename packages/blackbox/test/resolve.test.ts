// SPDX-License-Identifier: Apache-2.0
import { CheckFailed, type Run, silent, systemClock } from '@leadline/kit'
import { test } from 'tap'
import {
  type Address,
  type AddressChoice,
  addressHash,
  chooseAddress,
  type Lookup,
  type resolveMetrics,
  systemLookup,
} from '../src/net/resolve.ts'

const four = { ip: '192.0.2.1', family: 4 } as const
const otherFour = { ip: '192.0.2.2', family: 4 } as const
const six = { ip: '2001:db8::1', family: 6 } as const
const otherSix = { ip: '2001:db8::2', family: 6 } as const

const ip6 = { preferred_ip_protocol: 'ip6', ip_protocol_fallback: true }
const ip4 = { preferred_ip_protocol: 'ip4', ip_protocol_fallback: true }
const only = (choice: AddressChoice): AddressChoice => ({ ...choice, ip_protocol_fallback: false })

/** A resolver that knows these addresses and gives those of the family that it is asked for. */
const knows =
  (...addresses: Address[]): Lookup =>
  async (_host, family) =>
    addresses.filter((address) => family === 0 || address.family === family)

interface Measured {
  readonly run: Pick<Run<unknown, typeof resolveMetrics>, 'set' | 'log' | 'now' | 'signal'>
  readonly values: Record<string, number>
}

function measured(signal = new AbortController().signal): Measured {
  const values: Record<string, number> = {}
  const set = (name: string, value: number): void => {
    values[name] = value
  }
  return { run: { set: set as never, log: silent, now: systemClock.now, signal }, values }
}

test('one address is chosen by family and order', async (t) => {
  const cases = [
    ['the first of the preferred family', ip6, [four, six, otherSix], six],
    ['the first of the preferred family', ip4, [six, four, otherFour], four],
    ['nothing said means IPv6', { ...ip6, preferred_ip_protocol: '' }, [four, six], six],
    ['anything else means IPv4', { ...ip6, preferred_ip_protocol: 'IP6' }, [six, four], four],
    ['the last of the other family', ip6, [four, otherFour], otherFour],
    ['the last of the other family', ip4, [six, otherSix], otherSix],
    ['the first of the only family', only(ip6), [four, six, otherSix], six],
    ['none of the other family', only(ip6), [four, otherFour], undefined],
    ['none at all', ip4, [], undefined],
  ] as const
  for (const [name, choice, addresses, chosen] of cases) {
    const { run, values } = measured()
    const choosing = Promise.resolve(chooseAddress(run, 'a.example', choice, knows(...addresses)))
    if (chosen === undefined) await t.rejects(choosing, CheckFailed, name)
    else t.strictSame(await choosing, chosen, name)
    t.equal(values['probe_ip_protocol'], chosen?.family ?? 0, name)
    t.equal(values['probe_ip_addr_hash'], chosen === undefined ? 0 : addressHash(chosen), name)
    t.ok((values['probe_dns_lookup_time_seconds'] as number) > 0)
  }
})

const none: Lookup = () => Promise.reject(new Error('looked up'))

test('an address literal needs no lookup, and no other family takes its place', async (t) => {
  const cases = [
    ['192.0.2.1', ip6, four],
    ['192.0.2.1', only(ip4), four],
    ['192.0.2.1', only(ip6), undefined],
    ['2001:db8::1', ip4, six],
    ['2001:db8::1', only(ip4), undefined],
    ['fe80::1%lo', ip6, { ip: 'fe80::1%lo', family: 6 }],
    ['::ffff:192.0.2.1', ip6, four],
    ['::ffff:c000:201', only(ip4), four],
    ['::ffff:192.0.2.1', only(ip6), undefined],
  ] as const
  for (const [host, choice, chosen] of cases) {
    const choosing = (): unknown => chooseAddress(measured().run, host, choice, none)
    if (chosen === undefined) t.throws(choosing, { name: 'CheckFailed', fields: { err: /not of family ip/ } }, host)
    else t.strictSame(choosing(), chosen, host)
  }
})

test('hashes are FNV-1a 32 over the bytes of the address', async (t) => {
  t.equal(addressHash({ ip: '127.0.0.1', family: 4 }), 3668918509)
  // Offset basis times the prime for each of the 16 zero bytes.
  let zeros = 0x811c9dc5n
  for (let i = 0; i < 16; i++) zeros = (zeros * 0x01000193n) % 2n ** 32n
  t.equal(addressHash({ ip: '::', family: 6 }), Number(zeros))
  t.equal(addressHash({ ip: 'fe80::1%lo', family: 6 }), addressHash({ ip: 'fe80::1', family: 6 }))
})

test('the system resolver finds this machine', async (t) => {
  const address = await chooseAddress(measured().run, 'localhost', ip4)
  t.match(address, { ip: /^(127\.0\.0\.1|::1)$/ })
})

test('a name that does not exist is the fault of the target', async (t) => {
  // A label of more than 63 octets is refused without asking a server.
  const host = `${'x'.repeat(64)}.example`
  await t.rejects(Promise.resolve(chooseAddress(measured().run, host, ip4)), {
    name: 'CheckFailed',
    message: 'Resolution of the host name failed',
    fields: { host, ip_protocol: 'ip4', err: /^getaddrinfo E/ },
  })
  await t.rejects(Promise.resolve(chooseAddress(measured().run, '', ip4)), {
    name: 'CheckFailed',
    fields: { err: 'the host name is empty' },
  })
})

test('the end of the run ends the waiting, and the zeros stay', async (t) => {
  const controller = new AbortController()
  const { run, values } = measured(controller.signal)
  const choosing = Promise.resolve(chooseAddress(run, 'a.example', ip6, () => new Promise(() => {})))
  controller.abort(new Error('timeout of 1 s is over'))
  await t.rejects(choosing, { name: 'CheckFailed', fields: { err: 'timeout of 1 s is over' } })
  t.match(values, { probe_ip_protocol: 0, probe_ip_addr_hash: 0 })
  const late = Promise.resolve(chooseAddress(run, 'a.example', ip6, () => t.fail('looked up after the end') as never))
  await t.rejects(late, { name: 'CheckFailed', fields: { err: 'timeout of 1 s is over' } })
})

test('the same name is looked up once at a time, and again afterwards', async (t) => {
  const first = systemLookup('localhost', 0)
  t.equal(systemLookup('localhost', 0), first)
  t.not(systemLookup('localhost', 4), first)
  await first
  t.not(systemLookup('localhost', 0), first)
})
