// SPDX-License-Identifier: Apache-2.0
import type { Certificate } from './certificate.ts'
import { parseCertificate } from './certificate.ts'

/** A set of certificates, found by their subject. Each member of a pool of roots is trusted, self-signed or not. */
export class CertificatePool {
  readonly #bySubject = new Map<string, Certificate[]>()
  readonly #fingerprints = new Set<string>()

  constructor(certificates: Iterable<Certificate> = []) {
    for (const certificate of certificates) this.add(certificate)
  }

  get size(): number {
    return this.#fingerprints.size
  }

  add(certificate: Certificate): void {
    if (this.#fingerprints.has(certificate.fingerprint)) return
    this.#fingerprints.add(certificate.fingerprint)
    const same = this.#bySubject.get(certificate.subjectKey)
    if (same === undefined) this.#bySubject.set(certificate.subjectKey, [certificate])
    else same.push(certificate)
  }

  has(certificate: Certificate): boolean {
    return this.#fingerprints.has(certificate.fingerprint)
  }

  /** Those that may have issued a certificate, the likeliest by key identifier first. */
  issuersOf({ issuerKey, authorityKeyId }: Certificate): readonly Certificate[] {
    const found = this.#bySubject.get(issuerKey) ?? []
    return found.length < 2 ? found : found.toSorted((a, b) => fit(a, authorityKeyId) - fit(b, authorityKeyId))
  }
}

function fit({ subjectKeyId }: Certificate, authorityKeyId: string): number {
  if (subjectKeyId === authorityKeyId) return 0
  return subjectKeyId === '' || authorityKeyId === '' ? 1 : 2
}

/** The certificates in a PEM text. Those that can't be read are passed over, as Go does. */
export function parsePem(pem: string): Certificate[] {
  const certificates: Certificate[] = []
  for (const [, base64 = ''] of pem.matchAll(/-----BEGIN CERTIFICATE-----([\s\S]*?)-----END CERTIFICATE-----/g)) {
    try {
      certificates.push(parseCertificate(Buffer.from(base64, 'base64')))
    } catch {
      // A bundle with one odd certificate must not cost the others.
    }
  }
  return certificates
}
