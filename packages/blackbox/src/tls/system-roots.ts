// SPDX-License-Identifier: Apache-2.0
import tls from 'node:tls'
import { CertificatePool, parsePem } from './roots.ts'

let loaded: CertificatePool | undefined

/**
 * The certificates that the system trusts (SSL_CERT_FILE and SSL_CERT_DIR choose others), read once;
 * those that come with Node when the system has none, as in an image without ca-certificates.
 * Takes some 80 ms and 12 MB the first time, so an exporter that verifies nothing by them does not load them.
 */
export function systemRoots(): CertificatePool {
  if (loaded === undefined) {
    const system = tls.getCACertificates('system')
    // A bundle and a directory of the same certificates are both read; parsing is what takes long.
    const pems = new Set(system.length > 0 ? system : tls.getCACertificates('bundled'))
    loaded = new CertificatePool([...pems].flatMap(parsePem))
  }
  return loaded
}
