// SPDX-License-Identifier: Apache-2.0
// The least that a prober on Node can cost: the conversation of each row over node:net, node:tls and node:dgram behind a
// bare node:http server, in our order of events, with a reply of fixed text. No config, no metrics, no deadline, no check of
// what comes back.
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { connect as connectSecurely, createSecureContext } from 'node:tls'
import { TurnEnd } from '../../packages/blackbox/src/probe/turn-end.ts'

type Probe = (host: string, port: number, done: () => void) => void

const gauge = '# HELP probe_duration_seconds Seconds that the probe took, name resolution included.\n'
/** About what the page of a probe comes to. */
const reply = `${`${gauge}# TYPE probe_duration_seconds gauge\nprobe_duration_seconds 0.001234567\n`.repeat(10)}probe_success 1\n`
const secureContext = createSecureContext({ ca: [], ecdhCurve: 'X25519:P-256:P-384:P-521' })
const query = Buffer.from('00000100000100000000000003777777076578616d706c6504746573740000010001', 'hex')

/** Asks for a page and takes it in up to the end that the server sets. */
function fetchPage(socket: Socket, host: string, port: number, done: () => void): void {
  socket.on('data', () => {}).once('close', done)
  socket.write(`GET / HTTP/1.1\r\nHost: ${host}:${port}\r\nConnection: close\r\n\r\n`, 'latin1')
}

const probes: Readonly<Record<string, Probe>> = {
  http(host, port, done) {
    const socket = connect({ host, port, noDelay: true, autoSelectFamily: false }, () =>
      fetchPage(socket, host, port, done),
    )
  },
  http_insecure(host, port, done) {
    const dialed = connect({ host, port, noDelay: true, autoSelectFamily: false }, () => {
      const socket = connectSecurely({ socket: dialed, secureContext, rejectUnauthorized: false }, () =>
        fetchPage(socket, host, port, done),
      )
    })
  },
  tcp(host, port, done) {
    const socket = connect({ host, port, noDelay: true, autoSelectFamily: false }, () => {
      socket.destroy()
      done()
    })
  },
  dns(host, port, done) {
    const socket = createSocket('udp4')
    socket.once('message', () => {
      socket.close()
      done()
    })
    socket.connect(port, host, () => socket.send(query))
  },
}

const turnEnd = new TurnEnd()
const fail = (error: unknown): never => {
  throw error
}

const server = createServer({ optimizeEmptyRequests: true, keepAliveTimeout: 0 }, (request, response) => {
  const { searchParams } = new URL(request.url ?? '', 'http://floor')
  const target = searchParams.get('target') ?? ''
  const module = searchParams.get('module') ?? ''
  const probe = probes[module === 'http' && target.startsWith('https:') ? 'http_insecure' : module]
  const { hostname, port } = new URL(target.includes('://') ? target : `tcp://${target}`)
  const answer = (): void => {
    response.writeHead(200, { 'Content-Type': 'text/plain; version=0.0.4', 'Content-Length': reply.length })
    response.end(reply, 'latin1')
  }
  turnEnd.add(() => probe?.(hostname, Number(port), () => turnEnd.add(answer, fail)), fail)
})
await once(server.listen(0, '127.0.0.1'), 'listening')
console.log(`Listening on address=127.0.0.1:${(server.address() as AddressInfo).port}`)
