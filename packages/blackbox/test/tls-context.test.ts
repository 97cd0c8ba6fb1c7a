// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process'
import { rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { CheckFailed, readConfig } from '@leadline/kit'
import { test } from 'tap'
import { type TlsConfig, tlsConfig } from '../src/tls/config.ts'
import { tlsMaterial } from '../src/tls/context.ts'
import { parsePem } from '../src/tls/roots.ts'
import { makeAuthority, makeCertificate } from './servers/certificates.ts'

const read = (config: object): TlsConfig => readConfig(tlsConfig, JSON.stringify(config), 'tls.yml')

test('material is made once for a block, and shared by blocks that only differ in the server name', async (t) => {
  const { certPem: ca } = await makeAuthority('root')
  const config = read({ ca, server_name: 'a' })
  const material = await tlsMaterial(config)
  t.equal(await tlsMaterial(config), material)
  t.equal(await tlsMaterial({ ...config, server_name: 'b' }), material)
  t.not(await tlsMaterial(read({ ca, insecure_skip_verify: true })), material)
})

test('a file that changes is read again, and one that does not change is not', async (t) => {
  const [first, second] = await Promise.all([makeAuthority('first'), makeAuthority('second')])
  const file = path.join(t.testdir({ 'ca.pem': first.certPem }), 'ca.pem')
  const config = read({ ca_file: file })
  const before = await tlsMaterial(config)
  t.equal(await tlsMaterial(config), before)
  await writeFile(`${file}.new`, second.certPem)
  await rename(`${file}.new`, file)
  const after = await tlsMaterial(config)
  const [one, two] = [...parsePem(first.certPem), ...parsePem(second.certPem)]
  t.strictSame([before.roots?.has(one as never), before.roots?.has(two as never)], [true, false])
  t.strictSame([after.roots?.has(one as never), after.roots?.has(two as never)], [false, true])
})

test('a file is named when it can not be used', async (t) => {
  const { certPem, keyPem } = await makeCertificate()
  const other = await makeCertificate()
  const dir = t.testdir({ 'ca.pem': 'nothing', 'cert.pem': certPem, 'key.pem': keyPem, 'other.pem': other.keyPem })
  const at = (name: string): string => path.join(dir, name)
  const pair = { cert_file: at('cert.pem'), key_file: at('key.pem') }
  const cases: [object, object][] = [
    [{ ca_file: at('none.pem') }, { ca_file: at('none.pem'), err: /ENOENT/ }],
    [{ ca_file: dir }, { ca_file: dir, err: /not a regular file/ }],
    [
      { ca_file: at('ca.pem'), insecure_skip_verify: true },
      { ca_file: at('ca.pem'), err: /no certificate in it/ },
    ],
    [{ ca: 'nothing' }, { err: /no certificate in it/ }],
    [
      { ...pair, cert_file: at('none.pem') },
      { cert_file: at('none.pem'), err: /ENOENT/ },
    ],
    [
      { ...pair, key_file: at('none.pem') },
      { key_file: at('none.pem'), err: /ENOENT/ },
    ],
    [
      { ...pair, key_file: at('other.pem') },
      { key_file: at('other.pem'), err: /key values mismatch/ },
    ],
    [
      { ...pair, cert_file: at('ca.pem') },
      { cert_file: at('ca.pem'), err: /unable to use specified client cert/ },
    ],
    [{ ca_ref: 'vault' }, { ca_ref: 'vault', err: 'cannot use secret ref without manager' }],
    [
      { cert: certPem, key_ref: 'vault' },
      { key_ref: 'vault', err: 'cannot use secret ref without manager' },
    ],
    [
      { min_version: 'TLS13', max_version: 'TLS12' },
      { min_version: 'TLS13', err: /greater than or equal/ },
    ],
    [{ max_version: 'TLS11' }, { min_version: 'TLS12', max_version: 'TLS11' }],
  ]
  for (const [config, fields] of cases) {
    const error = await tlsMaterial(read(config)).catch((reason: unknown) => reason)
    t.type(error, CheckFailed)
    t.match(error, { message: 'Making the TLS configuration failed', fields }, JSON.stringify(fields))
    t.notMatch(JSON.stringify(error), keyPem.split('\n')[1], 'the key is not told')
  }
})

test('a file that was missing is used once it is there', async (t) => {
  const { certPem } = await makeAuthority('root')
  const file = path.join(t.testdir({}), 'ca.pem')
  const config = read({ ca_file: file })
  await t.rejects(tlsMaterial(config), { name: 'CheckFailed' })
  await writeFile(file, certPem)
  t.equal((await tlsMaterial(config)).roots?.size, 1)
})

test('without a CA the roots are those of the system, as SSL_CERT_FILE chooses them', async (t) => {
  const { certPem } = await makeAuthority('the only one')
  const dir = t.testdir({ 'roots.pem': certPem, empty: {} })
  const script = `
    import { tlsMaterial } from ${JSON.stringify(new URL('../src/tls/context.ts', import.meta.url))}
    import { tlsConfig } from ${JSON.stringify(new URL('../src/tls/config.ts', import.meta.url))}
    console.log((await tlsMaterial(tlsConfig.absent)).roots.size)`
  const sizeOf = async (env: object): Promise<number> => {
    const args = ['--conditions=@leadline/source', '--input-type=module', '--eval', script]
    const { stdout } = await promisify(execFile)(process.execPath, args, { env: { ...process.env, ...env } })
    return Number(stdout)
  }
  const roots = { SSL_CERT_FILE: path.join(dir, 'roots.pem'), SSL_CERT_DIR: path.join(dir, 'empty') }
  t.equal(await sizeOf(roots), 1)
  t.ok((await sizeOf({ ...roots, SSL_CERT_FILE: path.join(dir, 'none.pem') })) > 50, 'Node has roots of its own')
})
