// SPDX-License-Identifier: Apache-2.0
import net from 'node:net'
import { test } from 'tap'
import { makeAuthority, makeCertificate, type TestCertificate } from './servers/certificates.ts'
import { shake } from './servers/shake.ts'
import { tcpServer } from './servers/tcp.ts'
import { tlsServer } from './servers/tls.ts'

const config = { insecure_skip_verify: true }

/** A TLS record (RFC 8446 section 5.1). */
function record(type: number, content: Buffer): Buffer {
  const header = Buffer.from([type, 3, 3, 0, 0])
  header.writeUInt16BE(content.length, 3)
  return Buffer.concat([header, content])
}

/** Chooses TLS 1.2 and ECDHE-ECDSA-AES128-GCM-SHA256 (RFC 5246 section 7.4.1.3). */
const serverHello = record(
  22,
  Buffer.concat([Buffer.from([2, 0, 0, 38, 3, 3]), Buffer.alloc(32, 7), Buffer.from([0, 0xc0, 0x2b, 0])]),
)

/** The beginning of a Certificate message that announces 16 MB, and never ends. */
function endlessCertificates(socket: net.Socket): void {
  const filler = record(22, Buffer.alloc(16_384))
  socket.write(serverHello)
  socket.write(record(22, Buffer.from([11, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfc])))
  const pour = (): void => {
    while (socket.writable && socket.write(filler));
  }
  socket.on('drain', pour)
  pour()
}

const talks: Readonly<Record<string, (socket: net.Socket) => unknown>> = {
  'closes at once': (socket) => socket.end(),
  'closes after the ClientHello': (socket) => socket.once('data', () => socket.end()),
  'resets after the ClientHello': (socket) => socket.once('data', () => socket.resetAndDestroy()),
  'speaks another protocol': (socket) => socket.end('220 mail.example ESMTP\r\n'),
  'answers in plain HTTP': (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'),
  'sends an alert': (socket) => socket.end(record(21, Buffer.from([2, 40]))),
  'sends half a ServerHello and closes': (socket) => socket.end(serverHello.subarray(0, 20)),
  'sends a ServerHello and resets': (socket) =>
    socket.once('data', () => socket.write(serverHello, () => socket.resetAndDestroy())),
  'sends zeros without end': (socket) => {
    const pour = (): void => {
      while (socket.writable && socket.write(Buffer.alloc(65_536)));
    }
    socket.on('drain', pour)
    pour()
  },
  'sends 16 MB of certificates': endlessCertificates,
}

test('a broken peer is an error, and no socket is left', async (t) => {
  for (const [name, talk] of Object.entries(talks)) {
    const { port, idle } = await tcpServer(t, (socket) => {
      talk(socket)
      socket.resume()
    })
    await t.rejects(shake(t, { port, config }), { name: 'Error', message: /^tls: / }, name)
    await idle()
  }
})

test('a peer that does not speak TLS is told from one that refuses', async (t) => {
  const answers = [
    ['HTTP/1.1 400 Bad Request\r\n\r\n', /first record does not look like a TLS handshake/],
    ['220 mail.example ESMTP\r\n', /first record does not look like a TLS handshake/],
    [record(21, Buffer.from([2, 40])), /^tls: handshake failed: .*alert handshake failure$/],
  ] as const
  for (const [answer, message] of answers) {
    const { port } = await tcpServer(t, (socket) => socket.resume().end(answer))
    await t.rejects(shake(t, { port, config }), { message })
  }
})

test('a silent peer lasts until the signal, and no socket is left', async (t) => {
  for (const [name, first] of [
    ['silent', Buffer.alloc(0)],
    ['half a ServerHello', serverHello.subarray(0, 20)],
  ] as const) {
    const controller = new AbortController()
    const reason = new Error('deadline')
    const { port, idle } = await tcpServer(t, (socket) => {
      socket.once('data', () => socket.write(first, () => controller.abort(reason)))
    })
    await t.rejects(shake(t, { port, config, signal: controller.signal }), reason, name)
    await idle()
  }
})

test('a peer that wants to renegotiate is told no', async (t) => {
  const certificate = await makeCertificate()
  const refused = Promise.withResolvers<Error | null>()
  const { port } = await tlsServer(t, {
    certificate,
    maxVersion: 'TLSv1.2',
    talk(socket) {
      socket.on('error', refused.resolve)
      socket.renegotiate({}, refused.resolve)
      socket.resume()
    },
  })
  const { socket } = await shake(t, { port, config })
  t.match(await refused.promise, { code: 'ERR_SSL_NO_RENEGOTIATION' })
  socket.destroy()
})

test('a peer that resets long after the handshake ends its socket and nothing else', async (t) => {
  const certificate = await makeCertificate()
  const target = await tlsServer(t, { certificate })
  const proxied = Promise.withResolvers<net.Socket>()
  const proxy = await tcpServer(t, (socket) => {
    const onward = net.connect(target.port, '127.0.0.1')
    socket.pipe(onward).pipe(socket)
    proxied.resolve(socket)
  })
  const { socket } = await shake(t, { port: proxy.port, config })
  const closed = new Promise((resolve) => socket.once('close', resolve))
  ;(await proxied.promise).resetAndDestroy()
  await closed
  t.equal(socket.destroyed, true)
})

test('many cross-signed certificates are given up after a bounded search', async (t) => {
  const keys = (await makeAuthority('same')).keys
  const others = await Promise.all(Array.from({ length: 8 }, () => makeAuthority('same')))
  // Each of the eight keys signs for each other one: the paths through them are more than a thousand.
  const chain: TestCertificate[] = []
  for (const one of others)
    for (const other of others) chain.push(await makeAuthority('same', { keys: one.keys, authority: other }))
  const certificate = await makeCertificate({ authority: { ...(others[0] as TestCertificate) }, names: ['a.example'] })
  const { port } = await tlsServer(t, { certificate, chain })
  const trusted = await makeAuthority('same', { keys })
  await t.rejects(shake(t, { port, config: { ca: trusted.certPem } }), {
    message: /^tls: failed to verify certificate: x509: /,
  })
})

test('certificates that are too large to remember are verified all the same', async (t) => {
  const names = Array.from({ length: 1500 }, (_, i) => `host-${i}.a-rather-long-name.example`)
  const certificate = await makeCertificate({ names: [...names, 'a.example'] })
  const { port } = await tlsServer(t, { certificate })
  const trusting = { ca: certificate.certPem }
  const { socket, material } = await shake(t, { port, config: trusting })
  t.equal(material.peers.get(socket)?.leaf.subjectalternative, [...names, 'a.example'].join(','))
  await t.rejects(shake(t, { port, config: trusting, serverName: 'b.example' }), { message: /valid for 1501 names/ })
  t.equal(material.verdicts.size, 0)
})

test('a thousand failed handshakes leave neither sockets nor memory', async (t) => {
  const names = Object.keys(talks).filter((name) => !name.includes('without end') && !name.includes('16 MB'))
  const servers = await Promise.all(
    names.map((name) =>
      tcpServer(t, (socket) => {
        talks[name]?.(socket)
        socket.resume()
      }),
    ),
  )
  const certificate = await makeCertificate({ names: ['b.example'] })
  servers.push(await tlsServer(t, { certificate }))
  const round = async (): Promise<void> => {
    const failed = await Promise.allSettled(
      servers.map(({ port }) => shake(t, { port, config: { ca: certificate.certPem } })),
    )
    t.ok(failed.every(({ status }) => status === 'rejected'))
  }
  for (let i = 0; i < 20; i++) await round()
  const before = process.memoryUsage().rss
  for (let i = 0; i < 1000 / servers.length; i++) await round()
  const grownMegabytes = (process.memoryUsage().rss - before) / 2 ** 20
  await Promise.all(servers.map(({ idle }) => idle()))
  t.ok(grownMegabytes < 40, `grew by ${grownMegabytes.toFixed(1)} MB`)
  const listening = servers.length
  t.equal(process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP')).length, listening)
})
