// SPDX-License-Identifier: Apache-2.0
import { unlink, writeFile } from 'node:fs/promises'
import { RecordingLogger, silent } from '@leadline/kit'
import { type Test, test } from 'tap'
import { makeFolder } from '../../../test/servers/folder.ts'
import { noCredentials } from '../src/rpc/config.ts'
import { openCredentials } from '../src/rpc/credentials.ts'
import { type Certificates, makeCertificates } from './servers/certificates.ts'

const prepare = async (t: Test): Promise<{ readonly path: string; readonly certificates: Certificates }> => {
  const folder = await makeFolder('credentials')
  t.teardown(() => folder.remove())
  return { path: folder.path, certificates: await makeCertificates(folder, '127.0.0.1') }
}

test('TLS options stay the same object until a file changes', async (t) => {
  const { certificates } = await prepare(t)
  const { authority, client, strange } = certificates
  const files = { ca_file: authority.certificateFile, cert_file: client.certificateFile, key_file: client.keyFile }
  const tls_config = { ...noCredentials.tls_config, ...files, server_name: 'etcd.example' }
  const credentials = openCredentials({ ...noCredentials, tls_config }, silent)
  const first = credentials.tlsOptions()
  t.match(first, { servername: 'etcd.example', rejectUnauthorized: true })
  t.equal(credentials.tlsOptions(), first)
  t.equal(credentials.clientCertificateEndsAt(), client.notAfter)

  await writeFile(client.certificateFile, strange.certificate)
  t.equal(credentials.tlsOptions(), first, 'certificate and key do not match yet')
  t.match(credentials.problem(), 'key values mismatch')
  t.equal(credentials.clientCertificateEndsAt(), client.notAfter, 'that of the certificate in use')

  await writeFile(client.keyFile, strange.key)
  t.not(credentials.tlsOptions(), first)
  t.equal(credentials.problem(), undefined)
  t.equal(credentials.clientCertificateEndsAt(), strange.notAfter)
})

test('a file that breaks is logged once, and the last good one stays', async (t) => {
  const { certificates } = await prepare(t)
  const log = new RecordingLogger('debug', () => 0)
  const ca_file = certificates.authority.certificateFile
  const credentials = openCredentials({ ...noCredentials, tls_config: { ...noCredentials.tls_config, ca_file } }, log)
  const first = credentials.tlsOptions()
  await writeFile(ca_file, 'not a certificate')
  t.equal(credentials.tlsOptions(), first)
  t.equal(credentials.tlsOptions(), first)
  t.match(credentials.problem(), `ca_file ${ca_file}: `)
  await unlink(ca_file)
  t.equal(credentials.tlsOptions(), first)
  t.match(credentials.problem(), 'ca_file: ENOENT')
  t.equal(log.records.length, 2, 'one line for each of the two problems')
  await writeFile(ca_file, certificates.authority.certificate)
  credentials.tlsOptions()
  t.equal(credentials.problem(), undefined)
})

test('files that were never usable are told by name, and read as soon as they are there', async (t) => {
  const { path, certificates } = await prepare(t)
  const ca_file = `${path}/later.crt`
  const credentials = openCredentials(
    { ...noCredentials, tls_config: { ...noCredentials.tls_config, ca_file } },
    silent,
  )
  t.throws(() => credentials.tlsOptions(), { message: `ca_file: ENOENT: no such file or directory, open '${ca_file}'` })
  await writeFile(ca_file, certificates.authority.certificate)
  t.doesNotThrow(() => credentials.tlsOptions())
})

test('the password comes from its file, without the white space at its end', async (t) => {
  const { path } = await prepare(t)
  const password_file = `${path}/password`
  await writeFile(password_file, ' one \n')
  const credentials = openCredentials({ ...noCredentials, username: 'sounder', password_file }, silent)
  t.strictSame(credentials.user(), { name: 'sounder', password: ' one' })
  await writeFile(password_file, 'three')
  t.strictSame(credentials.user(), { name: 'sounder', password: 'three' })
  t.equal(openCredentials(noCredentials, silent).user(), undefined)
})
