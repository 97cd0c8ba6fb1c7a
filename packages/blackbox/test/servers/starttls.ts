// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events'
import type { Socket } from 'node:net'
import tls from 'node:tls'
import type { TestCertificate } from './certificates.ts'

/** Goes over to TLS as the server on a connection; `chain` is sent behind the certificate. */
export async function serveTls(
  socket: Socket,
  certificate: TestCertificate,
  chain: readonly TestCertificate[] = [],
): Promise<tls.TLSSocket> {
  const cert = [certificate, ...chain].map(({ certPem }) => certPem).join('')
  const secured = new tls.TLSSocket(socket, { isServer: true, cert, key: certificate.keyPem })
  secured.on('error', () => secured.destroy())
  await once(secured, 'secure')
  return secured
}
