// SPDX-License-Identifier: Apache-2.0
import { webcrypto } from 'node:crypto'
import { PemConverter, SubjectAlternativeNameExtension, X509CertificateGenerator } from '@peculiar/x509'

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const dayMilliseconds = 86_400_000

/** A self-signed P-256 certificate for localhost and these addresses, good for a day, with its key; both as PEM. */
export async function makeCertificate(
  addresses: readonly string[] = ['127.0.0.1'],
): Promise<{ certificate: string; key: string }> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const names = [
    { type: 'dns' as const, value: 'localhost' },
    ...addresses.map((value) => ({ type: 'ip' as const, value })),
  ]
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=leadline-test',
    notBefore: new Date(Date.now() - dayMilliseconds),
    notAfter: new Date(Date.now() + dayMilliseconds),
    keys,
    signingAlgorithm: algorithm,
    extensions: [new SubjectAlternativeNameExtension(names)],
  })
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)
  return { certificate: certificate.toString('pem'), key: PemConverter.encode(pkcs8, 'PRIVATE KEY') }
}
