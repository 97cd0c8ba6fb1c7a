// SPDX-License-Identifier: Apache-2.0
import { SocketAddress } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { TlsServerConfig } from './config.ts'

/**
 * Why the certificate of a client isn't enough for the policy, or undefined when it is. OpenSSL has verified it already
 * when the policy says so; this is what OpenSSL can't be told.
 */
export function refusalOf(socket: TLSSocket, config: TlsServerConfig): string | undefined {
  const { client_auth_type: policy = 'NoClientCert', client_allowed_sans: allowed } = config
  if (policy === 'NoClientCert' || policy === 'RequestClientCert') return undefined
  const certificate = socket.getPeerX509Certificate()
  if (certificate === undefined) {
    return policy === 'VerifyClientCertIfGiven' ? undefined : 'the client sent no certificate'
  }
  const verify = policy === 'VerifyClientCertIfGiven' || policy === 'RequireAndVerifyClientCert'
  if (verify && !socket.authorized) return `the client's certificate is not valid: ${String(socket.authorizationError)}`
  if (allowed.length === 0) return undefined
  const names = alternativeNames(certificate.subjectAltName ?? '')
  return names.some((name) => allowed.includes(name))
    ? undefined
    : "none of the client's names is in client_allowed_sans"
}

/** Values of a subjectAltName as Node prints it (`DNS:a, IP Address:127.0.0.1, URI:"x, y"`), addresses as Go prints them. */
export function alternativeNames(printed: string): string[] {
  const names: string[] = []
  for (const [, kind, quoted, plain = ''] of printed.matchAll(
    /(?:^|, )([A-Za-z ]+):(?:("(?:[^"\\]|\\.)*")|([^,]*))/g,
  )) {
    const value = quoted === undefined ? plain : (JSON.parse(quoted) as string)
    if (kind === 'DNS' || kind === 'email' || kind === 'URI') names.push(value)
    else if (kind === 'IP Address') names.push(addressText(value))
  }
  return names
}

/** OpenSSL writes an IPv6 address in eight full groups, Go in the short form of RFC 5952. */
function addressText(address: string): string {
  return address.includes(':') ? new SocketAddress({ address, family: 'ipv6' }).address : address
}
