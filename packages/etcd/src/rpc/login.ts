// SPDX-License-Identifier: Apache-2.0
import type { Clock } from '@leadline/kit'
import type { User } from './credentials.ts'
import { RpcError } from './member-rpc.ts'

/** How long a refused login is not tried again with the same password: each costs the member a slow hash and a write. */
const refusedSeconds = 10

/** The token by which a member knows who calls. */
export interface Login {
  /** The token, by a login if there is none, which all who ask at a time share; undefined where none is needed. */
  token(user: User): Promise<string | undefined>
  /** Drops a token that the member refused; also the knowledge that none is needed. */
  forget(token: string | undefined): void
}

/** What a login needs. */
export interface LoginOptions {
  /** Gives a new token; undefined when authentication is off at the server. Rejects with RpcError. */
  readonly authenticate: (user: User) => Promise<string | undefined>
  readonly clock: Clock
}

/** Opens a login at one member; nothing is called before a token is asked for. */
export function openLogin({ authenticate, clock }: LoginOptions): Login {
  let held: { readonly token: string | undefined } | undefined
  let underWay: Promise<string | undefined> | undefined
  let refused: { readonly error: RpcError; readonly user: User; readonly at: number } | undefined
  const logIn = async (user: User): Promise<string | undefined> => {
    try {
      held = { token: await authenticate(user) }
      return held.token
    } catch (error) {
      if (error instanceof RpcError && error.failure === 'auth') refused = { error, user, at: clock.now() }
      throw error
    } finally {
      underWay = undefined
    }
  }
  return {
    async token(user) {
      if (held !== undefined) return held.token
      if (refused !== undefined && clock.now() - refused.at < refusedSeconds && isSame(user, refused.user)) {
        throw refused.error
      }
      underWay ??= logIn(user)
      return underWay
    },
    forget(token) {
      if (held?.token === token) held = undefined
    },
  }
}

function isSame(one: User, other: User): boolean {
  return one.name === other.name && one.password === other.password
}
