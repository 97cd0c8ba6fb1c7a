// SPDX-License-Identifier: Apache-2.0
import dns from 'node:dns'
import net from 'node:net'
import { CheckFailed, defineMetrics, messageOf, type Run, type RunSignal } from '@leadline/kit'
import ipaddr from 'ipaddr.js'

/** What choosing an address reports, spread into the table of every prober that resolves. */
export const resolveMetrics = defineMetrics({
  probe_dns_lookup_time_seconds: {
    type: 'gauge',
    help: "Seconds that the lookup of the target's host name took; absent when none was tried.",
    source: 'getaddrinfo(3), timed by the exporter',
  },
  probe_ip_addr_hash: {
    type: 'gauge',
    help: 'FNV-1a 32 hash over the bytes of the chosen address, to see it change; 0 when resolution failed.',
    source: 'the chosen address',
  },
  probe_ip_protocol: {
    type: 'gauge',
    help: 'IP version of the chosen address, 4 or 6; 0 when resolution failed.',
    source: 'the chosen address',
  },
})

/** An address that was chosen for a host name. */
export interface Address {
  /** Text form without brackets, with its zone if it has one. */
  readonly ip: string
  readonly family: 4 | 6
}

/** Which address of a name to take. */
export interface AddressChoice {
  /** `ip6` or empty: IPv6 first; anything else: IPv4 first, as the peer has it. */
  readonly preferred_ip_protocol: string
  /** Whether the other family may serve when the preferred one has no address. */
  readonly ip_protocol_fallback: boolean
}

/** All addresses of a name in the system's order; `family` 0 asks for both. Rejects when there is none. */
export type Lookup = (host: string, family: 0 | 4 | 6) => Promise<readonly Address[]>

const pending = new Map<string, Promise<readonly Address[]>>()

/**
 * The system's resolver: hosts file, search domains and all. It can't be cancelled; callers stop waiting instead.
 * Whoever asks for a name that is being looked up shares that lookup, as Go's resolver has it: libuv runs one
 * getaddrinfo for each two threads of its pool, and each probe of a name that no server answers for would take one
 * more of these places until all other names wait in line.
 */
export const systemLookup: Lookup = (host, family) => {
  const key = `${family} ${host}`
  const shared = pending.get(key)
  if (shared !== undefined) return shared
  const lookup = getaddrinfo(host, family).finally(() => pending.delete(key))
  pending.set(key, lookup)
  return lookup
}

const getaddrinfo: Lookup = (host, family) =>
  new Promise((resolve, reject) => {
    dns.lookup(host, { all: true, family, order: 'verbatim' }, (error, found) => {
      if (error !== null) reject(error)
      else resolve(found.map(({ address, family: version }) => ({ ip: address, family: version === 6 ? 6 : 4 })))
    })
  })

type ResolvingRun = Pick<Run<unknown, typeof resolveMetrics>, 'set' | 'log' | 'now' | 'signal'>

/**
 * The one address that the run probes: one lookup, no retry, no cache (blackbox_exporter's chooseProtocol).
 * With fallback, the first of the preferred family, else the last of the other; without, the first of the preferred.
 * Sets `resolveMetrics`. What is an address already is given at once. Throws CheckFailed, or rejects with it, when there is
 * no such address or the run ends first.
 */
export function chooseAddress(
  run: ResolvingRun,
  host: string,
  choice: AddressChoice,
  lookup: Lookup = systemLookup,
): Address | Promise<Address> {
  const wanted = preferredFamily(choice)
  run.set('probe_dns_lookup_time_seconds', 0)
  run.set('probe_ip_addr_hash', 0)
  run.set('probe_ip_protocol', 0)
  run.log.debug('Resolving target address', { host, ip_protocol: `ip${wanted}` })
  const begin = run.now()
  const literal = literalAddress(host)
  if (literal === undefined) return chooseOfName(run, host, choice, lookup)
  const fits = choice.ip_protocol_fallback || literal.family === wanted
  if (fits) report(run, host, literal)
  run.set('probe_dns_lookup_time_seconds', run.now() - begin)
  if (!fits) throw notResolved(host, wanted, `the address is not of family ip${wanted}`)
  return literal
}

async function chooseOfName(run: ResolvingRun, host: string, choice: AddressChoice, lookup: Lookup): Promise<Address> {
  const wanted = preferredFamily(choice)
  const begin = run.now()
  try {
    const found = await find(host, choice.ip_protocol_fallback ? 0 : wanted, run.signal, lookup)
    const address = pick(found, wanted, choice)
    report(run, host, address)
    return address
  } catch (error) {
    throw notResolved(host, wanted, messageOf(error))
  } finally {
    run.set('probe_dns_lookup_time_seconds', run.now() - begin)
  }
}

function report({ set, log }: ResolvingRun, host: string, address: Address): void {
  set('probe_ip_addr_hash', addressHash(address))
  set('probe_ip_protocol', address.family)
  log.debug('Resolved target address', { host, ip: address.ip })
}

function notResolved(host: string, wanted: 4 | 6, err: string): CheckFailed {
  return new CheckFailed('Resolution of the host name failed', { host, ip_protocol: `ip${wanted}`, err })
}

/** The address family that a module asks for first. */
export function preferredFamily({ preferred_ip_protocol }: Pick<AddressChoice, 'preferred_ip_protocol'>): 4 | 6 {
  return preferred_ip_protocol === 'ip6' || preferred_ip_protocol === '' ? 6 : 4
}

async function find(host: string, family: 0 | 4 | 6, signal: RunSignal, lookup: Lookup): Promise<readonly Address[]> {
  if (host === '') throw new Error('the host name is empty')
  signal.throwIfAborted()
  const ended = Promise.withResolvers<never>()
  const leave = (): void => ended.reject(signal.reason)
  signal.addEventListener('abort', leave, { once: true })
  try {
    return await Promise.race([lookup(host, family), ended.promise])
  } finally {
    signal.removeEventListener('abort', leave)
  }
}

/** The address that a text is; an IPv4-mapped IPv6 address counts as IPv4, as in Go. Undefined for a name. */
function literalAddress(host: string): Address | undefined {
  const version = net.isIP(host)
  if (version === 0) return undefined
  if (version === 4) return { ip: host, family: 4 }
  const parsed = ipaddr.IPv6.parse(host)
  return parsed.isIPv4MappedAddress() ? { ip: parsed.toIPv4Address().toString(), family: 4 } : { ip: host, family: 6 }
}

function pick(found: readonly Address[], wanted: 4 | 6, { ip_protocol_fallback }: AddressChoice): Address {
  const chosen = found.find(({ family }) => family === wanted) ?? (ip_protocol_fallback ? found.at(-1) : undefined)
  if (chosen === undefined) throw new Error(`the name has no ip${wanted} address`)
  return chosen
}

const zeroCode = '0'.charCodeAt(0)
const fnvOffset = 0x811c9dc5
const fnvPrime = 0x01000193

/** FNV-1a 32 over the 4 or 16 bytes of an address. */
export function addressHash({ ip, family }: Address): number {
  let hash = fnvOffset
  if (family === 4) {
    // What the system gives as IPv4 is four decimals, which need no parser.
    let byte = 0
    for (let i = 0; i <= ip.length; i++) {
      const digit = ip.charCodeAt(i) - zeroCode
      if (digit >= 0) byte = byte * 10 + digit
      else {
        hash = Math.imul(hash ^ byte, fnvPrime)
        byte = 0
      }
    }
    return hash >>> 0
  }
  for (const byte of ipaddr.parse(ip.split('%')[0] as string).toByteArray()) hash = Math.imul(hash ^ byte, fnvPrime)
  return hash >>> 0
}
