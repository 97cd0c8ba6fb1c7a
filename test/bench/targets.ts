// SPDX-License-Identifier: Apache-2.0
// The servers that both programs probe, in a process of their own; prints where they listen as one line of JSON.
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net'
import { addresses } from './addresses.ts'

/** Where the targets listen, as `target` parameters. */
export interface TargetUrls {
  readonly http: readonly string[]
  readonly https: readonly string[]
  readonly tcp: readonly string[]
  readonly dns: readonly string[]
}

const page = Buffer.alloc(1024, '<p>It works.</p>\n')

async function listen(makeServer: () => Server): Promise<string[]> {
  const servers = addresses.map((host) => makeServer().listen({ port: 0, host, backlog: 1024 }))
  await Promise.all(servers.map((server) => once(server, 'listening')))
  return servers.map((server) => hostPort(server.address() as AddressInfo))
}

function hostPort({ address, port }: AddressInfo): string {
  return `${address}:${port}`
}

/** Answers every query with one A record of 127.0.0.1. */
async function dnsServer(host: string): Promise<string> {
  const answer = Buffer.from('c00c000100010000012c00047f000001', 'hex')
  const socket = createSocket('udp4')
  socket.on('message', (query, from) => {
    const reply = Buffer.concat([query, answer])
    reply.writeUInt16BE(0x8180, 2)
    reply.writeUInt16BE(1, 6)
    socket.send(reply, from.port, from.address)
  })
  socket.bind(0, host)
  await once(socket, 'listening')
  return hostPort(socket.address())
}

const { CERTIFICATE: cert, KEY: key } = process.env
const answerPage = () => createHttpServer((_, reply) => reply.end(page))
const answerSecurely = () => createHttpsServer({ cert, key }, (_, reply) => reply.end(page))
const accept = () => createTcpServer((socket) => socket.on('error', () => socket.destroy()).resume())

const urls: TargetUrls = {
  http: (await listen(answerPage)).map((address) => `http://${address}/`),
  https: (await listen(answerSecurely)).map((address) => `https://${address}/`),
  tcp: await listen(accept),
  dns: await Promise.all(addresses.map(dnsServer)),
}
console.log(JSON.stringify(urls))
