// SPDX-License-Identifier: Apache-2.0
import { constants, createHash } from 'node:crypto'
import fs from 'node:fs'
import tls from 'node:tls'
import { CheckFailed, fileStamp, messageOf } from '@leadline/kit'
import { goCiphers } from './ciphers.ts'
import { type TlsConfig, tlsVersions } from './config.ts'
import { Lru } from './lru.ts'
import { CertificatePool, parsePem } from './roots.ts'
import { systemRoots } from './system-roots.ts'
import type { Verdict } from './verdict.ts'

/** What a `tls_config` block comes to once its files are read; shared by all probes with the same block. */
export interface TlsMaterial {
  /** Trusts nothing: OpenSSL does the handshake, and the chains are verified here. */
  readonly secureContext: tls.SecureContext
  /** Undefined when any certificate will do. */
  readonly roots: CertificatePool | undefined
  /** What was found about certificates that servers sent. */
  readonly verdicts: Lru<Verdict>
  /** What each server sent, and the chains from it. */
  readonly peers: WeakMap<tls.TLSSocket, Verdict>
}

interface Made {
  readonly stamp: string
  readonly material: TlsMaterial
}

const madeFor = new WeakMap<TlsConfig, Made>()
/** For blocks that are made anew for each probe with other server names. */
const madeOf = new Lru<TlsMaterial>(64)

const fileKeys = ['ca_file', 'cert_file', 'key_file'] as const
const failure = 'Making the TLS configuration failed'

/**
 * The material of a `tls_config` block. Its files are read again when they changed, and only then.
 * Throws CheckFailed with the file and the reason when a file or the material in it can't be used.
 */
export async function tlsMaterial(config: TlsConfig): Promise<TlsMaterial> {
  const stamp = fileStamps(config)
  const made = madeFor.get(config)
  if (made?.stamp === stamp) return made.material
  const key = contentKey(config, stamp)
  const material = madeOf.find(key) ?? makeMaterial(config)
  madeOf.keep(key, material)
  madeFor.set(config, { stamp, material })
  return material
}

function contentKey(config: TlsConfig, stamp: string): string {
  const content = JSON.stringify({ ...config, server_name: '' })
  return createHash('sha256').update(content).update(stamp).digest('base64')
}

/** What changes when a file does. A synchronous stat takes microseconds; one by libuv waits behind slow lookups. */
function fileStamps(config: TlsConfig): string {
  let stamps = ''
  for (const key of fileKeys) if (config[key] !== '') stamps += `${config[key]} ${fileStamp(config[key])}\n`
  return stamps
}

function makeMaterial(config: TlsConfig): TlsMaterial {
  refuseReferences(config)
  const trusted = trustedRoots(config)
  return {
    secureContext: secureContext(config),
    roots: config.insecure_skip_verify ? undefined : trusted(),
    verdicts: new Lru(1024),
    peers: new WeakMap(),
  }
}

function refuseReferences({ ca_ref, cert_ref, key_ref }: TlsConfig): void {
  for (const [key, name] of Object.entries({ ca_ref, cert_ref, key_ref })) {
    if (name !== '') throw new CheckFailed(failure, { [key]: name, err: 'cannot use secret ref without manager' })
  }
}

/** The roots, once they are asked for; a CA that can't be read is refused even when any certificate will do. */
function trustedRoots({ ca, ca_file }: TlsConfig): () => CertificatePool {
  if (ca === '' && ca_file === '') return systemRoots
  const pool = new CertificatePool(parsePem(ca === '' ? readFile('ca_file', ca_file) : ca))
  if (pool.size === 0)
    throw new CheckFailed(failure, {
      ...(ca_file && { ca_file }),
      err: 'unable to use specified CA cert: no certificate in it',
    })
  return () => pool
}

function readFile(key: string, file: string): string {
  try {
    if (!fs.statSync(file).isFile()) throw new Error(`open ${file}: not a regular file`)
    return fs.readFileSync(file, 'utf8').trim()
  } catch (error) {
    throw new CheckFailed(failure, { [key]: file, err: messageOf(error) })
  }
}

function secureContext(config: TlsConfig): tls.SecureContext {
  const { min_version, max_version, cert_file, key_file } = config
  const versions = versionOptions(min_version, max_version)
  const cert = cert_file === '' ? config.cert : readFile('cert_file', cert_file)
  const key = key_file === '' ? config.key : readFile('key_file', key_file)
  try {
    return tls.createSecureContext({
      ...versions,
      ca: [],
      // Without the post-quantum key share that OpenSSL 3.5 would send unasked: making it and using it is 15 % of
      // all that a handshake costs us, and it swells the ClientHello beyond one packet.
      ecdhCurve: 'X25519:P-256:P-384:P-521',
      // Go never renegotiates either.
      secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
      ...(cert !== '' && { cert, key }),
    })
  } catch (error) {
    const err = `unable to use specified client cert & key: ${messageOf(error)}`
    throw new CheckFailed(failure, { ...(cert_file && { cert_file }), ...(key_file && { key_file }), err })
  }
}

function versionOptions(min: string, max: string): tls.SecureContextOptions {
  const names = Object.keys(tlsVersions)
  const least = min === '' ? 'TLS12' : min
  const most = max === '' ? 'TLS13' : max
  if (names.indexOf(most) < names.indexOf(least)) {
    throw new CheckFailed(failure, {
      min_version: least,
      max_version: most,
      err: 'tls_config.max_version must be greater than or equal to tls_config.min_version',
    })
  }
  const isOld = least === 'TLS10' || least === 'TLS11'
  return {
    minVersion: tlsVersions[least as keyof typeof tlsVersions],
    maxVersion: tlsVersions[most as keyof typeof tlsVersions],
    // The signatures of TLS 1.0 and 1.1 are made over SHA-1, which OpenSSL only allows at its lowest level.
    ciphers: isOld ? `${goCiphers}:@SECLEVEL=0` : goCiphers,
  }
}
