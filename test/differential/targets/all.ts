// SPDX-License-Identifier: Apache-2.0
import { createServer as createHttpServer } from 'node:http'
import { createSecureServer } from 'node:http2'
import { createServer as createHttpsServer } from 'node:https'
import { createSecureContext, createServer as createTlsServer } from 'node:tls'
import { makeCertificate } from '../../servers/certificate.ts'
import { startNsd } from '../../servers/nsd.ts'
import { answerCutShort, answerWith, answerWithWrongId, startTcpLiar, startUdpLiar, zone, zoneFile } from './dns.ts'
import { answer } from './http.ts'
import { closedPort, listen, type Target } from './listen.ts'
import { startProxy } from './proxy.ts'
import { startBanner, startClosing, startMail, startPicky, startShortBanner, startSilent } from './tcp.ts'

/** Every local target by name, as `127.0.0.1:1234`. */
export type Targets = Readonly<Record<TargetName, string>>

type TargetName = (typeof names)[number]

const names = [
  'http',
  'https',
  'h2',
  'proxy',
  'closed',
  'silent',
  'closing',
  'ssh',
  'greeter',
  'picky',
  'mail',
  'tls',
  'dns',
  'dnsWrongId',
  'dnsServfail',
  'dnsTruncated',
  'dnsLarge',
  'dnsCutShort',
  'dnsSilent',
  'dnsTcpWrongId',
  'dnsTcpSilent',
  'dnsTls',
] as const

/** Starts every target. The certificate of those that speak TLS is its own authority. */
export async function startTargets(nsd: string): Promise<{
  targets: Targets
  certificate: string
  close: () => Promise<void>
}> {
  const { certificate: cert, key } = await makeCertificate()
  const secureContext = createSecureContext({ cert, key })
  const dns = await startNsd(nsd, zone, zoneFile)
  const started: Record<Exclude<TargetName, 'closed' | 'dns'>, Target> = {
    http: await listen(createHttpServer(answer)),
    https: await listen(createHttpsServer({ cert, key }, answer)),
    h2: await listen(createSecureServer({ cert, key, allowHTTP1: true }, (_, reply) => reply.end('hello world'))),
    proxy: await startProxy(),
    silent: await startSilent(),
    closing: await startClosing(),
    ssh: await startBanner('SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n'),
    greeter: await startShortBanner('welcome\r\n'),
    picky: await startPicky(),
    mail: await startMail(secureContext),
    tls: await listen(createTlsServer({ cert, key }, (socket) => socket.on('error', () => socket.destroy()))),
    dnsWrongId: await startUdpLiar(answerWithWrongId),
    dnsServfail: await startUdpLiar(answerWith(0, 0x8182)),
    dnsTruncated: await startUdpLiar(answerWith(1, 0x8780)),
    dnsLarge: await startUdpLiar(answerWith(40)),
    dnsCutShort: await startUdpLiar(answerCutShort),
    dnsSilent: await startUdpLiar(() => undefined),
    dnsTcpWrongId: await startTcpLiar(answerWithWrongId),
    dnsTcpSilent: await startTcpLiar(() => undefined),
    dnsTls: await startTcpLiarOverTls(cert, key),
  }
  const targets = {
    ...mapValues(started, ({ port }) => `127.0.0.1:${port}`),
    closed: `127.0.0.1:${await closedPort()}`,
    dns: dns.address,
  }
  const close = async () => {
    await Promise.all([...Object.values(started).map((target) => target.close()), dns.stop()])
  }
  return { targets, certificate: cert, close }
}

function startTcpLiarOverTls(cert: string, key: string): Promise<Target> {
  return listen(
    createTlsServer({ cert, key }, (socket) => {
      socket.on('error', () => socket.destroy())
      socket.once('data', (message) => {
        const reply = answerWith(1)(message.subarray(2)) ?? Buffer.alloc(0)
        const length = Buffer.alloc(2)
        length.writeUInt16BE(reply.length)
        socket.write(Buffer.concat([length, reply]))
      })
    }),
  )
}

function mapValues<K extends string, V, W>(record: Readonly<Record<K, V>>, to: (value: V) => W): Record<K, W> {
  return Object.fromEntries(Object.entries<V>(record).map(([name, value]) => [name, to(value)])) as Record<K, W>
}
