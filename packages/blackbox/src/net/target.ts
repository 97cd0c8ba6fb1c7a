// SPDX-License-Identifier: Apache-2.0

/** A target taken apart; the host is without brackets, the port is still text. */
export interface HostPort {
  readonly host: string
  readonly port: string
}

/** Splits `host:port`, `[host]:port` or `[host%zone]:port` by the rules of Go's net.SplitHostPort; undefined when they are broken. */
export function splitHostPort(target: string): HostPort | undefined {
  const colon = target.lastIndexOf(':')
  if (colon === -1) return undefined
  const port = target.slice(colon + 1)
  const bracketed = target.startsWith('[')
  if (bracketed && target[colon - 1] !== ']') return undefined
  const host = bracketed ? target.slice(1, colon - 1) : target.slice(0, colon)
  // Only a bracketed host may hold colons; brackets may stand nowhere else.
  if (!bracketed && host.includes(':')) return undefined
  return hasBracket(host) || hasBracket(port) ? undefined : { host, port }
}

function hasBracket(text: string): boolean {
  return text.includes('[') || text.includes(']')
}

/** Services that Go's net package knows without a services file. */
const tcpServices: Readonly<Record<string, number>> = {
  ftp: 21,
  ftps: 990,
  gopher: 70,
  http: 80,
  https: 443,
  imap2: 143,
  imap3: 220,
  imaps: 993,
  pop3: 110,
  pop3s: 995,
  smtp: 25,
  ssh: 22,
  submissions: 465,
  telnet: 23,
}

/** Port number of a target's port, as Go's net.Dial reads it: digits, nothing (0), or a service's name; undefined otherwise. */
export function parsePort(port: string): number | undefined {
  if (port === '') return 0
  const number = /^\+?\d+$/.test(port) ? Number(port) : tcpServices[port.toLowerCase()]
  return number !== undefined && number <= 65_535 ? number : undefined
}
