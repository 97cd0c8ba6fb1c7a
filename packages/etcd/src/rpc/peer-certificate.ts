// SPDX-License-Identifier: Apache-2.0
import { connect } from 'node:tls'
import { messageOf } from '@leadline/kit'
import type { Credentials } from './credentials.ts'
import { clientEndpoint, serverNameOf } from './endpoint.ts'

/**
 * Unix time at which the certificate of an https endpoint ends, trusted or not; undefined for http. By a handshake of
 * its own, since a connection that lasts doesn't show a certificate that was renewed. Rejects with an Error that names
 * the endpoint when there is no certificate within the time.
 */
export async function serverCertificateEndsAt(
  url: string,
  credentials: Credentials,
  timeoutSeconds: number,
): Promise<number | undefined> {
  const endpoint = clientEndpoint(url)
  if (endpoint.scheme === 'http') return undefined
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const fail = (what: string): void => reject(new Error(`certificate of ${url}: ${what}`))
  const servername = serverNameOf(endpoint)
  const socket = connect({
    host: endpoint.host,
    port: endpoint.port,
    ...(servername && { servername }),
    ...credentials.tlsOptions(),
    rejectUnauthorized: false,
  })
  socket.once('secureConnect', () => {
    const certificate = socket.getPeerX509Certificate()
    if (certificate === undefined) fail('the server shows none')
    else resolve(certificate.validToDate.getTime() / 1000)
  })
  socket.on('error', (error) => fail(messageOf(error)))
  socket.once('close', () => fail('the connection was closed'))
  const timer = setTimeout(() => fail(`no handshake within ${timeoutSeconds} s`), timeoutSeconds * 1000)
  return promise.finally(() => {
    clearTimeout(timer)
    socket.end()
    socket.destroy()
  })
}
