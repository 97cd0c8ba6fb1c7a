// SPDX-License-Identifier: Apache-2.0
import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type ConnectionOptions, createSecureContext } from 'node:tls'
import { type Logger, messageOf } from '@leadline/kit'
import type { CredentialsConfig, TlsConfig } from './config.ts'
import { lastGood } from './last-good.ts'

/** An etcd user. */
export interface User {
  readonly name: string
  readonly password: string
}

/** Who the exporter is to the members of one cluster, and whom it trusts. Files are read again when they change. */
export interface Credentials {
  /**
   * Options for `tls.connect`; the same object until a file changes. Throws an Error that
   * names the file when the files have never been usable.
   */
  tlsOptions(): ConnectionOptions
  /** The user to log in as; undefined when none is configured. Throws as `tlsOptions` does. */
  user(): User | undefined
  /** Unix time at which our client certificate in use ends; undefined without one, or while none was readable. */
  clientCertificateEndsAt(): number | undefined
  /** Why a file of now can't be used, in which case the last good one is; undefined when all is well. */
  problem(): string | undefined
}

interface Tls {
  readonly options: ConnectionOptions
  readonly clientCertificateEndsAt: number | undefined
}

/** Makes the credentials of a cluster. Does not throw: files that can't be used are logged, once for each problem. */
export function openCredentials(config: CredentialsConfig, log: Logger): Credentials {
  const tell = (err: string): void =>
    log.error('Credentials can not be read; those that were good before stay in use', { err })
  const { tls_config, password_file } = config
  const { ca_file, cert_file, key_file } = tls_config
  const tls = lastGood(present(ca_file, cert_file, key_file), () => readTls(tls_config), tell)
  const password = lastGood(present(password_file), () => readPassword(config), tell)
  return {
    tlsOptions: () => tls.get().options,
    user: () => (config.username === '' ? undefined : { name: config.username, password: password.get() }),
    clientCertificateEndsAt: () => tls.look().value?.clientCertificateEndsAt,
    problem: () => tls.look().problem ?? password.look().problem,
  }
}

function present(...paths: readonly string[]): readonly string[] {
  return paths.filter((path) => path !== '')
}

function readTls({ ca_file, cert_file, key_file, server_name, insecure_skip_verify }: TlsConfig): Tls {
  const ca = read('ca_file', ca_file)
  const cert = read('cert_file', cert_file)
  const key = read('key_file', key_file)
  // OpenSSL would take a file without a certificate in it for an empty list.
  if (ca !== undefined) attempt(`ca_file ${ca_file}`, () => new X509Certificate(ca))
  const own = cert && attempt(`cert_file ${cert_file}`, () => new X509Certificate(cert))
  const files = present(ca_file, cert_file, key_file).join(', ')
  const secureContext = attempt(files, () =>
    createSecureContext({ ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }), minVersion: 'TLSv1.2' }),
  )
  return {
    options: {
      secureContext,
      rejectUnauthorized: !insecure_skip_verify,
      ...(server_name !== '' && { servername: server_name }),
    },
    clientCertificateEndsAt: own && own.validToDate.getTime() / 1000,
  }
}

function readPassword({ password, password_file }: CredentialsConfig): string {
  return read('password_file', password_file)?.toString('utf8').trimEnd() ?? password
}

function read(key: string, path: string): Buffer | undefined {
  return path === '' ? undefined : attempt(key, () => readFileSync(path))
}

function attempt<T>(what: string, make: () => T): T {
  try {
    return make()
  } catch (error) {
    throw new Error(`${what}: ${messageOf(error).trim()}`, { cause: error })
  }
}
