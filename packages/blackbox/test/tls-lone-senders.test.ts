// SPDX-License-Identifier: Apache-2.0
import type { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import type net from 'node:net'
import tls from 'node:tls'
import { test } from 'tap'
import { LoneSenders } from '../src/tls/lone-senders.ts'
import { makeAuthority, makeCertificate } from './servers/certificates.ts'
import { shake } from './servers/shake.ts'

const inDays = (days: number): Date => new Date(Math.floor(Date.now() / 1000 + days * 86_400) * 1000)

/** A socket whose server sent so many certificates of so many bytes. */
function sender(count: number, bytes = 1000): { getPeerX509Certificate(): X509Certificate | undefined } {
  let certificate: object | undefined
  for (let i = 0; i < count; i++) certificate = { raw: Buffer.alloc(bytes), issuerCertificate: certificate }
  return { getPeerX509Certificate: () => certificate as X509Certificate | undefined }
}

test('only a server that sent one alone before is asked the quick way', async (t) => {
  const senders = new LoneSenders()
  t.equal(senders.take('a', sender(1)), undefined)
  senders.note('a', 1)
  senders.note('b', 2)
  t.equal(senders.take('a', sender(1))?.length, 1)
  t.equal(senders.take('a', sender(1))?.length, 1)
  t.equal(senders.take('b', sender(1)), undefined)
  t.strictSame(senders.take('a', sender(0)), [])
})

test('one that surprises is told in full once, and then asked the slow way for good', async (t) => {
  const senders = new LoneSenders()
  senders.note('a', 1)
  t.equal(senders.take('a', sender(3))?.length, 3)
  senders.note('a', 1)
  t.equal(senders.take('a', sender(1)), undefined)
})

test('servers that take turns between one and many lose 1 MB and no more', async (t) => {
  const senders = new LoneSenders()
  let lost = 0
  for (let i = 0; i < 5000; i++) {
    senders.note(`server ${i}`, 1)
    const sent = senders.take(`server ${i}`, sender(2))
    for (const { raw } of sent?.slice(1) ?? []) lost += raw.length
  }
  t.ok(lost > 1_048_576 && lost <= 1_048_576 + 1000, `${lost} bytes were lost`)
})

test('a real server: one certificate, and then a chain of two', async (t) => {
  const root = await makeAuthority('root')
  const middle = await makeAuthority('middle', { authority: root, notAfter: inDays(20) })
  const leaf = await makeCertificate({ authority: middle, names: ['a.example'], notAfter: inDays(30) })
  const alone = { key: leaf.keyPem, cert: leaf.certPem }
  const server = tls.createServer(alone, (socket) => socket.on('error', () => {}).resume())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const { port } = server.address() as net.AddressInfo
  const prototype = tls.TLSSocket.prototype
  const spelledOut = t.capture(prototype, 'getPeerCertificate', Reflect.get(prototype, 'getPeerCertificate'))
  /** When the first certificate that a connection brings expires, and whether they were spelled out for it. */
  const look = async (): Promise<readonly [expiry: number | undefined, slowly: boolean]> => {
    spelledOut()
    const { socket, material } = await shake(t, { port, config: { insecure_skip_verify: true } })
    const slowly = spelledOut().length > 0
    socket.destroy()
    return [material.peers.get(socket)?.earliestExpiry, slowly]
  }
  t.strictSame(await look(), [leaf.notAfter, true])
  t.strictSame(await look(), [leaf.notAfter, false])
  server.setSecureContext({ ...alone, cert: leaf.certPem + middle.certPem })
  t.strictSame(await look(), [middle.notAfter, false])
  t.strictSame(await look(), [middle.notAfter, true])
})
