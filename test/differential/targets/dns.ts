// SPDX-License-Identifier: Apache-2.0
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { listen, type Target } from './listen.ts'

/** The zone that the real DNS server serves. */
export const zone = 'example.test'

/** Its content, in zone file syntax. */
export const zoneFile = `$ORIGIN ${zone}.
$TTL 300
@ IN SOA ns.example.test. admin.example.test. 2026112101 3600 600 86400 60
@ IN NS ns
@ IN MX 10 mail
@ IN A 192.0.2.9
ns IN A 127.0.0.1
mail IN A 192.0.2.8
www IN A 192.0.2.1
many IN A 192.0.2.10
many IN A 192.0.2.11
many IN A 192.0.2.12
text IN TXT "v=spf1 -all" "a\\"b\\\\\\009"
`

/** Makes a reply out of a query; undefined for silence. */
export type Reply = (query: Buffer) => Buffer | undefined

const flagsOffset = 2
const answerCountOffset = 6
/** Name as in the question, A, IN, 300 s, 192.0.2.1. */
const answerA = Buffer.from('c00c000100010000012c0004c0000201', 'hex')

/** A good answer with so many copies of one A record, flags as given. */
export function answerWith(copies: number, flags = 0x8580): Reply {
  return (query) => {
    const reply = Buffer.concat([query, ...Array.from({ length: copies }, () => answerA)])
    reply.writeUInt16BE(flags, flagsOffset)
    reply.writeUInt16BE(copies, answerCountOffset)
    return reply
  }
}

/** A good answer under another id. */
export const answerWithWrongId: Reply = (query) => {
  const reply = answerWith(1)(query)
  reply?.writeUInt16BE(query.readUInt16BE(0) ^ 0xffff, 0)
  return reply
}

/** The first bytes of a good answer. */
export const answerCutShort: Reply = (query) => answerWith(1)(query)?.subarray(0, query.length + 5)

/** A DNS server on udp that answers by a function: for answers that no honest server gives. */
export async function startUdpLiar(reply: Reply): Promise<Target> {
  const socket = createSocket('udp4')
  socket.on('message', (query, from) => {
    const bytes = reply(query)
    if (bytes) socket.send(bytes, from.port, from.address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const { port } = socket.address()
  const close = async () => {
    socket.close()
    await once(socket, 'close')
  }
  return { port, close }
}

/** The same on tcp. */
export function startTcpLiar(reply: Reply): Promise<Target> {
  return listen(
    createServer((socket) => {
      socket.once('data', (message) => {
        const bytes = reply(message.subarray(2))
        if (!bytes) return
        const length = Buffer.alloc(2)
        length.writeUInt16BE(bytes.length)
        socket.write(Buffer.concat([length, bytes]))
      })
    }),
  )
}
