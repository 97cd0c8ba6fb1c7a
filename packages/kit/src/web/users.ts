// SPDX-License-Identifier: Apache-2.0
import { createHmac, randomBytes } from 'node:crypto'
import { Bcrypt } from './bcrypt.ts'

/** Verdicts that are kept, of each kind; right and wrong ones apart, so that guesses can't drive out those who belong. */
const cacheSize = 100

/** Hash of a random password that was thrown away: an unknown user takes as long as a known one. */
const nobodysHash = '$2b$10$JdbuWSwFaudlk.YsZ9uULO5hPMzxjiS1T8sZq29d8KJWORrL3l1Xm'

interface Credentials {
  readonly user: string
  readonly password: string
}

/** Checks basic authentication (RFC 7617) against bcrypt hashes, and remembers verdicts without keeping passwords. */
export class Users {
  readonly #bcrypt = new Bcrypt()
  /** Digests under this key mean nothing outside this process. */
  readonly #key = randomBytes(32)
  readonly #right = new Set<string>()
  readonly #wrong = new Set<string>()
  readonly #asked = new Map<string, Promise<boolean>>()

  /**
   * Whether an Authorization header names one of the users (name to hash) with its password. A verdict that is known comes
   * at once. Rejects with TooBusy when too many are being checked.
   */
  allows(authorization: string | undefined, users: ReadonlyMap<string, string>): boolean | Promise<boolean> {
    const credentials = authorization === undefined ? undefined : parseBasic(authorization)
    if (credentials === undefined) return false
    const hash = users.get(credentials.user)
    const digest = this.#digest(credentials, hash ?? '')
    if (this.#right.has(digest)) return true
    if (this.#wrong.has(digest)) return false
    return this.#ask(digest, credentials.password, hash)
  }

  /** Ends the thread that compares. */
  close(): Promise<void> {
    return this.#bcrypt.close()
  }

  #digest({ user, password }: Credentials, hash: string): string {
    const hmac = createHmac('sha256', this.#key)
    // Lengths first, so that no two different triples read alike.
    hmac.update(`${user.length}:${hash.length}:`).update(user).update(hash).update(password)
    return hmac.digest('base64')
  }

  /** Several requests with the same credentials wait for one comparison. */
  async #ask(digest: string, password: string, hash: string | undefined): Promise<boolean> {
    const asked = this.#asked.get(digest) ?? this.#bcrypt.compare(password, hash ?? nobodysHash)
    this.#asked.set(digest, asked)
    try {
      const verdict = (await asked) && hash !== undefined
      remember(verdict ? this.#right : this.#wrong, digest)
      return verdict
    } finally {
      this.#asked.delete(digest)
    }
  }
}

function remember(verdicts: Set<string>, digest: string): void {
  verdicts.add(digest)
  if (verdicts.size <= cacheSize) return
  const [oldest] = verdicts
  if (oldest !== undefined) verdicts.delete(oldest)
}

function parseBasic(authorization: string): Credentials | undefined {
  const encoded = /^basic ([A-Za-z0-9+/]+={0,2})$/i.exec(authorization)?.[1]
  if (encoded === undefined) return undefined
  const pair = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = pair.indexOf(':')
  return colon === -1 ? undefined : { user: pair.slice(0, colon), password: pair.slice(colon + 1) }
}
