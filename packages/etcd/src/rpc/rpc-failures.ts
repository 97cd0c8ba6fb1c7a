// SPDX-License-Identifier: Apache-2.0
import { type Clock, messageOf } from '@leadline/kit'
import type { Endpoint } from '../endpoint.ts'
import { isMute, verdictOn } from './failure.ts'
import { CallFailed } from './line.ts'
import { RpcError } from './member-rpc.ts'
import { speaksOtherScheme } from './other-scheme.ts'

/** How long it is remembered which scheme an endpoint speaks, in seconds. */
const schemeSeconds = 30

/** Makes the RpcError of a call, by the name of its RPC, that failed with `error` and has this many seconds left. */
export type ToRpcError = (rpc: string, error: unknown, leftSeconds: number) => Promise<RpcError>

/** Tells the failures of calls to one endpoint; asks there which scheme is spoken when connections just close. */
export function failuresOf(endpoint: Endpoint, clock: Clock): ToRpcError {
  let asked: { readonly at: number; readonly isOther: Promise<boolean> } | undefined
  const isOtherScheme = (leftSeconds: number): Promise<boolean> => {
    if (asked === undefined || clock.now() - asked.at > schemeSeconds) {
      asked = { at: clock.now(), isOther: speaksOtherScheme(endpoint, Math.max(0, Math.min(1, leftSeconds))) }
    }
    return asked.isOther
  }
  const [own, other] = endpoint.scheme === 'https' ? ['https', 'http'] : ['http', 'https']
  return async (rpc, error, leftSeconds) => {
    const at = `${rpc} at ${endpoint.url}`
    if (error instanceof RpcError) return error
    if (!(error instanceof CallFailed)) return new RpcError('other', 'UNKNOWN', `${at}: ${messageOf(error)}`)
    const { failure, text } = verdictOn(error)
    if (failure === 'unreachable' && isMute(error) && (await isOtherScheme(leftSeconds))) {
      const mend = `${own} is spoken to an ${other} endpoint; write ${other}:// in its URL`
      return new RpcError('tls', error.code, `${at}: ${mend}`, { cause: error })
    }
    return new RpcError(failure, error.code, `${at}: ${text}`, { cause: error })
  }
}
