// SPDX-License-Identifier: Apache-2.0
import type { Run } from '@leadline/kit'
import { authorizationFor, extraHeaders } from './authorization.ts'
import type { HttpConfig } from './config.ts'
import { Cookies } from './cookies.ts'
import { canonicalHeaderName } from './headers-config.ts'
import { type Hop, siteUrl } from './redirect.ts'
import { checkFields, type RequestPlan, userAgent } from './request.ts'
import { decodePercent } from './target.ts'
import type { Field } from './wire.ts'

/** Fields of `headers` that are for the first site alone, as in Go's client. */
const ownSiteFields = new Set([
  'Authorization',
  'Www-Authenticate',
  'Cookie',
  'Cookie2',
  'Proxy-Authorization',
  'Proxy-Authenticate',
])

/** The header fields of one probe's requests, with the credentials and cookies that it comes by. */
export class RequestFields {
  readonly #run: Pick<Run<HttpConfig, never>, 'config' | 'signal'>
  readonly #plan: RequestPlan
  /** Asked for once in a probe, however many hops it has: it may cost a token request. */
  #authorization: Promise<string | undefined> | undefined
  /** Made with the first redirect. */
  #cookies: Cookies | undefined

  constructor(run: Pick<Run<HttpConfig, never>, 'config' | 'signal'>, plan: RequestPlan) {
    this.#run = run
    this.#plan = plan
  }

  /**
   * The fields for a hop: those of the module, then credentials, cookies, Referer and `http_headers`. Another site that a
   * redirect led to gets no credentials. Throws CheckFailed, or rejects with it, when a field can't be had or sent.
   */
  of(hop: Hop): readonly Field[] | Promise<readonly Field[]> {
    const isPlain = !this.#plan.hasCredentials && hop.url.userinfo === undefined && this.#cookies === undefined
    return isPlain ? this.#plan.fields : this.#gather(hop)
  }

  /** Notes that a hop redirects, and the cookies that it sets. */
  async redirected(hop: Hop, setCookies: readonly string[]): Promise<void> {
    this.#cookies ??= new Cookies()
    if (setCookies.length > 0) await this.#cookies.keep(siteUrl(hop), setCookies)
  }

  async #gather(hop: Hop): Promise<readonly Field[]> {
    const kept = this.#plan.fields.filter(([name]) => !this.#isDropped(hop, name))
    const fields = new Map<string, Field>(kept.map((field) => [field[0], field]))
    const add = (name: string, value: string | undefined): void => {
      if (value !== undefined && value !== '') fields.set(name, [name, value])
    }
    if (!fields.has('Authorization')) add('Authorization', await this.#authorizationFor(hop))
    add('Cookie', [fields.get('Cookie')?.[1], this.#cookies?.header(siteUrl(hop))].filter(Boolean).join('; '))
    if (!fields.has('Referer')) add('Referer', hop.referer)
    const all = [...fields.values(), ...(await this.#addedFields(hop))]
    checkFields(all)
    return all
  }

  /** Credentials don't go to other sites, and fields about a body not without it (RFC 9110 section 15.4). */
  #isDropped(hop: Hop, name: string): boolean {
    const isForBody = this.#plan.hasBody && !hop.withBody && name.startsWith('Content-')
    return isForBody || (hop.foreign && ownSiteFields.has(name))
  }

  /** Userinfo in the URL beats the config, as in the peer. */
  async #authorizationFor(hop: Hop): Promise<string | undefined> {
    const { userinfo } = hop.url
    if (userinfo !== undefined) {
      const [name = '', password = ''] = userinfo.split(/:(.*)/s).map(decodePercent)
      return `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`
    }
    if (hop.foreign) return undefined
    this.#authorization ??= authorizationFor(this.#run.config, { signal: this.#run.signal, userAgent })
    return this.#authorization
  }

  /** `http_headers`; another site gets only those whose values are all in the open. */
  async #addedFields(hop: Hop): Promise<readonly Field[]> {
    const { http_headers } = this.#run.config
    if (http_headers.size === 0) return []
    const added = await extraHeaders(this.#run.config)
    if (!hop.foreign) return added
    const open = [...http_headers].filter(([, { secrets, files }]) => secrets.length === 0 && files.length === 0)
    const names = new Set(open.map(([name]) => canonicalHeaderName(name)))
    return added.filter(([name]) => names.has(name) && !ownSiteFields.has(name))
  }
}
