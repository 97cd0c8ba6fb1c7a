// SPDX-License-Identifier: Apache-2.0
import { Client, Metadata, status } from '@grpc/grpc-js'
import type { Clock } from '@leadline/kit'
import type { Endpoint } from '../endpoint.ts'
import { EndpointCredentials } from './connector.ts'
import type { Credentials } from './credentials.ts'
import type { Method } from './wire.ts'

/** Name of a gRPC status code. */
export type StatusName = keyof typeof status

/** A call that failed, as gRPC tells it. */
export class CallFailed extends Error {
  readonly code: StatusName
  constructor(code: StatusName, details: string) {
    super(details)
    this.name = 'CallFailed'
    this.code = code
  }
}

/** One call: what, with which token, and how long it may take. */
export interface Call<Q, R> {
  readonly method: Method<Q, R>
  readonly request: Q
  readonly token: string | undefined
  readonly timeoutSeconds: number
}

/** One gRPC channel to an endpoint. */
export interface Line {
  /** Makes one attempt, and settles at the deadline whatever gRPC does. Rejects with CallFailed. */
  call<Q, R>(call: Call<Q, R>): Promise<R>
  /** Destroys its connections; calls under way fail as UNAVAILABLE. */
  end(): void
}

/** Part of its time after which a call that is cancelled by the other side has met its deadline there. */
const nearDeadline = 0.9

const channelOptions = {
  // No attempt but the one that is asked for, and to this endpoint alone.
  'grpc.enable_retries': 0,
  'grpc.use_local_subchannel_pool': 1,
  'grpc.enable_http_proxy': 0,
  'grpc.service_config_disable_resolution': 1,
  // A member that comes back must be seen at once; by default that may take two minutes.
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 1000,
  'grpc.dns_min_time_between_resolutions_ms': 1000,
  'grpc.enable_channelz': 0,
  'grpc.primary_user_agent': 'leadline',
}

/** Opens a channel; the connection comes about with the first call. `clock` is for the deadline that the server sees. */
export function openLine(endpoint: Endpoint, credentials: Credentials, clock: Clock): Line {
  const { host, port } = endpoint
  const transport = new EndpointCredentials(endpoint, credentials)
  const target = `dns:${host.includes(':') ? `[${host}]` : host}:${port}`
  const client = new Client(target, transport, channelOptions)
  const pending = new Set<(failed: CallFailed) => void>()
  return {
    call: (call) => attempt(client, call, clock, pending),
    end() {
      for (const fail of pending) fail(new CallFailed('UNAVAILABLE', 'the channel was closed'))
      client.close()
      transport.end()
    },
  }
}

function attempt<Q, R>(
  client: Client,
  { method, request, token, timeoutSeconds }: Call<Q, R>,
  clock: Clock,
  pending: Set<(failed: CallFailed) => void>,
): Promise<R> {
  const { promise, resolve, reject } = Promise.withResolvers<R>()
  const milliseconds = Math.max(0, timeoutSeconds * 1000)
  const begunAt = clock.now()
  // etcd keeps the deadline too, and its timer may run out a moment earlier: it resets the stream, which is no fault.
  const isCutByDeadline = (code: status): boolean =>
    code === status.CANCELLED && clock.now() - begunAt >= timeoutSeconds * nearDeadline
  const late = (): CallFailed =>
    new CallFailed('DEADLINE_EXCEEDED', `no answer within ${Number(timeoutSeconds.toFixed(2))} s`)
  const metadata = new Metadata()
  if (token !== undefined) metadata.set('token', token)
  const call = client.makeUnaryRequest<Q, R>(
    method.path,
    method.requestSerialize,
    method.responseDeserialize,
    request,
    metadata,
    { deadline: new Date(clock.unix() * 1000 + milliseconds) },
    (error, reply?: R) => {
      if (error === null) resolve(reply as R)
      // gRPC adds an account of its filters, to the millisecond; a log wants the same line for the same fault.
      else if (error.code === status.DEADLINE_EXCEEDED || isCutByDeadline(error.code)) reject(late())
      else reject(new CallFailed(status[error.code] as StatusName, error.details))
    },
  )
  const fail = (failed: CallFailed): void => {
    reject(failed)
    call.cancel()
  }
  const timer = setTimeout(() => fail(late()), milliseconds)
  pending.add(fail)
  return promise.finally(() => {
    clearTimeout(timer)
    pending.delete(fail)
  })
}
