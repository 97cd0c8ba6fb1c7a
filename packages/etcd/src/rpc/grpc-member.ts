// SPDX-License-Identifier: Apache-2.0
import { type Clock, messageOf } from '@leadline/kit'
import { openChannel } from './channel.ts'
import type { Credentials, User } from './credentials.ts'
import { clientEndpoint } from './endpoint.ts'
import { isAuthOff, wantsLogin } from './failure.ts'
import { CallFailed } from './line.ts'
import { openLogin } from './login.ts'
import { type MemberRpc, RpcError } from './member-rpc.ts'
import { hashReply, memberList, replyHeader, statusReply } from './replies.ts'
import { failuresOf } from './rpc-failures.ts'
import { type Method, methods, rpcName } from './wire.ts'

/** Time of a login, in seconds. Calls that wait for one give up at their own deadlines. */
const loginSeconds = 5

/** Which member to call, as whom, and by which clocks. */
export interface MemberOptions {
  /** `http[s]://host:port`. */
  readonly endpoint: string
  readonly credentials: Credentials
  readonly clock: Clock
}

/**
 * Opens the calls to one member, over gRPC and by a channel of its own; connects with the first call. Throws an Error
 * when the endpoint is not a client URL.
 */
export function openMember({ endpoint: url, credentials, clock }: MemberOptions): MemberRpc {
  const endpoint = clientEndpoint(url)
  const channel = openChannel(endpoint, credentials, clock)
  const rpcError = failuresOf(endpoint, clock)

  const authenticate = async ({ name, password }: User): Promise<string | undefined> => {
    const method = methods.authenticate
    const request = { name, password }
    try {
      return (await channel.call({ method, request, token: undefined, timeoutSeconds: loginSeconds })).token
    } catch (error) {
      if (error instanceof CallFailed && isAuthOff(error)) return undefined
      throw await rpcError(rpcName(method), error, loginSeconds)
    }
  }
  const userOf = (rpc: string): User | undefined => {
    try {
      return credentials.user()
    } catch (error) {
      throw new RpcError('auth', 'UNAUTHENTICATED', `${rpc} at ${url}: ${messageOf(error)}`, { cause: error })
    }
  }
  const login = openLogin({ authenticate, clock })

  async function call<Q, R>(method: Method<Q, R>, request: Q, timeoutSeconds: number): Promise<R> {
    const endsAt = clock.now() + timeoutSeconds
    const left = (): number => endsAt - clock.now()
    const rpc = rpcName(method)
    const attempt = async (mayLogInAgain: boolean): Promise<R> => {
      const user = userOf(rpc)
      const token = user && (await within(left(), login.token(user), `${rpc} at ${url}: no login`))
      try {
        return await channel.call({ method, request, token, timeoutSeconds: left() })
      } catch (error) {
        if (user === undefined || !(error instanceof CallFailed) || !wantsLogin(error)) {
          throw await rpcError(rpc, error, left())
        }
        login.forget(token)
        if (mayLogInAgain) return attempt(false)
        throw await rpcError(rpc, error, left())
      }
    }
    return attempt(true)
  }

  return {
    endpoint: url,
    status: async (timeout) => statusReply(await call(methods.status, {}, timeout)),
    serializableRead: async (key, timeout) =>
      replyHeader(await call(methods.range, { key: Buffer.from(key), serializable: true }, timeout)),
    linearizableRead: async (key, timeout) =>
      replyHeader(await call(methods.range, { key: Buffer.from(key), serializable: false }, timeout)),
    put: async (key, value, timeout) =>
      replyHeader(await call(methods.put, { key: Buffer.from(key), value: Buffer.from(value) }, timeout)),
    delete: async (key, timeout) => replyHeader(await call(methods.deleteRange, { key: Buffer.from(key) }, timeout)),
    memberList: async (timeout) => memberList(await call(methods.memberList, { linearizable: false }, timeout)),
    hashKv: async (revision, timeout) => hashReply(await call(methods.hashKv, { revision }, timeout)),
    close: () => channel.close(),
  }
}

/** Waits for a promise that others wait for, too, and no longer than this. */
async function within<T>(seconds: number, promise: Promise<T>, what: string): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => reject(new RpcError('deadline', 'DEADLINE_EXCEEDED', `${what} within ${Number(seconds.toFixed(2))} s`)),
    Math.max(0, seconds * 1000),
  )
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
