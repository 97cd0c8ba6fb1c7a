// SPDX-License-Identifier: Apache-2.0
// Servers for what a real etcd can't be made to say or do.
import { once } from 'node:events'
import { createServer, type Http2Server, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { type Metadata, Server, ServerCredentials, type ServiceError, type status } from '@grpc/grpc-js'
import type { Test } from 'tap'
import { methods } from '../../src/rpc/wire.ts'

/** A refusal, as a gRPC status. */
export interface Refusal {
  readonly code: status
  readonly details: string
}

/** What to answer to each call; the request's token is empty when it has none. */
export type Answers = {
  readonly [K in keyof typeof methods]?: (request: unknown, token: string) => object | Refusal
}

/** Starts a gRPC server that answers as it is told and gives its URL; what has no answer is UNIMPLEMENTED. */
export async function startFakeEtcd(t: Test, answers: Answers): Promise<string> {
  const server = new Server()
  for (const [name, answer] of Object.entries(answers)) {
    const method = methods[name as keyof typeof methods]
    server.addService(
      { [name]: { ...method, originalName: name } },
      {
        [name](
          call: { request: unknown; metadata: Metadata },
          done: (error: Partial<ServiceError> | null, reply?: object) => void,
        ) {
          const reply = answer(call.request, call.metadata.get('token').join(''))
          if ('details' in reply) done(reply)
          else done(null, reply)
        },
      },
    )
  }
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound)
      else reject(error)
    })
  })
  t.teardown(() => server.forceShutdown())
  return `http://127.0.0.1:${port}`
}

/** Starts an HTTP/2 server that does with each stream, of the RPC by this name, as it is told, and gives its URL. */
export async function startHttp2(
  t: Test,
  onStream: (stream: ServerHttp2Stream, session: ServerHttp2Session, rpc: string) => void,
): Promise<string> {
  const server: Http2Server = createServer()
  const sessions = new Set<ServerHttp2Session>()
  server.on('session', (session) => {
    sessions.add(session.on('error', () => {}))
    session.on('stream', (stream, headers) => {
      const path = headers[':path'] ?? ''
      onStream(stream.on('error', () => {}).resume(), session, path.slice(path.lastIndexOf('/') + 1))
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  t.teardown(() => {
    for (const session of sessions) session.destroy()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
