// SPDX-License-Identifier: Apache-2.0
import dgram from 'node:dgram'
import { once } from 'node:events'
import type { Duplex } from 'node:stream'
import * as codec from 'dns-packet'
import type { Test } from 'tap'
import { tcpServer } from './tcp.ts'

/** A query that a server got, whole and taken apart by a codec that is not the exporter's. */
export interface DnsQuery {
  readonly octets: Buffer
  readonly packet: codec.DecodedPacket
  /** Who sent it, if it came as a datagram. */
  readonly from?: dgram.RemoteInfo
}

/** Answers a query by sending whole messages, as many as it likes and when it likes. */
export type Answer = (query: DnsQuery, send: (octets: Buffer) => void) => void

/** A name server of a test. */
export interface DnsServer {
  readonly port: number
  /** `host:port`, as a prober takes it. */
  readonly target: string
  /** What it was asked so far. */
  readonly queries: readonly DnsQuery[]
}

/** Transports that a name server speaks. */
export const transports = ['udp', 'tcp'] as const
export type Transport = (typeof transports)[number]

/** Serves names over one transport until the test ends. */
export async function dnsServer(t: Test, transport: Transport, answer: Answer, host = '127.0.0.1'): Promise<DnsServer> {
  const queries: DnsQuery[] = []
  const heard: Answer = (query, send) => {
    queries.push(query)
    answer(query, send)
  }
  const serve = transport === 'udp' ? serveDatagrams : serveStreams
  const port = await serve(t, heard, host)
  return { port, target: host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`, queries }
}

async function serveDatagrams(t: Test, answer: Answer, host: string): Promise<number> {
  const socket = dgram.createSocket(host.includes(':') ? 'udp6' : 'udp4')
  socket.on('message', (octets, from) => {
    const query = { octets, packet: codec.decode(octets), from }
    answer(query, (message) => socket.send(message, from.port, from.address))
  })
  // A client that is gone by the time of the answer is no fault of the server.
  socket.on('error', () => undefined)
  socket.bind(0, host)
  await once(socket, 'listening')
  t.teardown(async () => {
    socket.close()
    await once(socket, 'close')
  })
  return socket.address().port
}

async function serveStreams(t: Test, answer: Answer, host: string): Promise<number> {
  const { port } = await tcpServer(t, (socket) => answerOnStream(socket, answer), host)
  return port
}

/** Answers the queries that come on a stream, each behind its length. */
export function answerOnStream(stream: Duplex, answer: Answer): void {
  let held = Buffer.alloc(0)
  stream.on('data', (piece: Buffer) => {
    held = Buffer.concat([held, piece])
    while (held.length >= 2 && held.length >= 2 + held.readUInt16BE(0)) {
      const octets = held.subarray(2, 2 + held.readUInt16BE(0))
      held = held.subarray(2 + octets.length)
      answer({ octets, packet: codec.decode(octets) }, (message) => stream.write(framed(message)))
    }
  })
}

/** A message behind its length. */
export function framed(message: Buffer): Buffer {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(message.length)
  return Buffer.concat([length, message])
}

/** What a reply says beside its question. */
export interface ReplyOptions {
  readonly rcode?: number
  readonly authoritative?: boolean
  readonly truncated?: boolean
  readonly answers?: codec.Answer[]
  readonly authorities?: codec.Answer[]
  readonly additionals?: codec.Answer[]
}

/** A reply to a query. */
export function replyTo({ packet }: DnsQuery, options: ReplyOptions = {}): Buffer {
  const { rcode = 0, authoritative = false, truncated = false, ...sections } = options
  const authority = authoritative ? codec.AUTHORITATIVE_ANSWER : 0
  const truncation = truncated ? codec.TRUNCATED_RESPONSE : 0
  const flags = ((packet.flags ?? 0) & codec.RECURSION_DESIRED) | authority | truncation | rcode
  return codec.encode({ type: 'response', id: packet.id ?? 0, flags, questions: packet.questions ?? [], ...sections })
}

/** An address record. */
export function addressRecord(address: string, name = 'example.com'): codec.Answer {
  return { type: 'A', name, ttl: 3600, data: address }
}
