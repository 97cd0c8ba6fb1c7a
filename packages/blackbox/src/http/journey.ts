// SPDX-License-Identifier: Apache-2.0
import { defineMetrics, type Run } from '@leadline/kit'
import { Answer, answerMetrics } from './answer.ts'
import type { HttpConfig } from './config.ts'
import { connect } from './connect.ts'
import { Cookies } from './cookies.ts'
import { hopFields } from './credentials.ts'
import { exchange, hopRequest } from './exchange.ts'
import { type Phases, phaseMetrics } from './phases.ts'
import { followRedirect, type Hop, maxRedirects, redirectLocation, siteUrl } from './redirect.ts'
import type { RequestPlan } from './request.ts'
import { formatUrl } from './target.ts'
import type { ResponseHead } from './wire.ts'

/** What a probe reports from its first connection on. */
export const journeyMetrics = defineMetrics({
  ...phaseMetrics,
  ...answerMetrics,
  probe_http_redirects: {
    type: 'gauge',
    help: 'Redirects that were met; the last of them was not followed when the module says so, or when it was the eleventh.',
    source: 'responses with status 301, 302, 303, 307 or 308 and a Location',
  },
})

/** The way of one probe over its hops, from the first request to the final response. */
export class Journey {
  readonly #run: Run<HttpConfig, typeof journeyMetrics>
  readonly #plan: RequestPlan
  readonly #phases: Phases
  readonly #first: Hop
  #redirects = 0
  /** Made with the first redirect. */
  #cookies: Cookies | undefined
  #answer: Answer | undefined

  constructor(run: Run<HttpConfig, typeof journeyMetrics>, plan: RequestPlan, phases: Phases, first: Hop) {
    this.#run = run
    this.#plan = plan
    this.#phases = phases
    this.#first = first
  }

  /** Makes the hops. Throws CheckFailed when one can't be made or the final response is not as it should be. */
  async go(): Promise<void> {
    let hop: Hop | undefined = this.#first
    while (hop !== undefined) hop = await this.#make(hop)
  }

  /** Measures what there is of a response, for the deadline has come. */
  cut(): void {
    this.#answer?.endBody()
  }

  /** Makes one hop. Gives the next one, undefined when this was the last. */
  async #make(hop: Hop): Promise<Hop | undefined> {
    const { config, log } = this.#run
    log.debug('Making HTTP request', { url: formatUrl(hop.url, hop.address?.ip), host: hop.host })
    const gathered = hopFields(this.#run, this.#plan, hop, this.#cookies)
    const fields = gathered instanceof Promise ? await gathered : gathered
    const prefer = this.#first.address === undefined ? config.preferred_ip_protocol : `ip${this.#first.address.family}`
    const connection = await connect(this.#run, this.#phases, hop, { prefer, later: hop !== this.#first })
    const answer = new Answer(this.#run, this.#phases, connection, (head) => this.#redirect(hop, head))
    this.#answer = answer
    let error: unknown
    try {
      await exchange(connection, hopRequest(this.#plan, hop, fields, connection), answer)
      await answer.decoded()
    } catch (reason) {
      error = reason
    }
    answer.endBody()
    connection.socket.destroy()
    if (answer.next === undefined) await answer.judge(error)
    else await this.#keepCookies(hop, answer)
    return answer.next
  }

  #redirect(hop: Hop, head: ResponseHead): Hop | 'refused' | undefined {
    const { config, log, set } = this.#run
    const location = redirectLocation(head, this.#plan.bodyFile === '')
    if (location === undefined) return undefined
    log.debug('Received redirect', { location })
    this.#redirects++
    set('probe_http_redirects', this.#redirects)
    if (config.follow_redirects && this.#redirects <= maxRedirects) {
      return followRedirect(this.#first, hop, head.status, location)
    }
    log.debug('Not following redirect')
    return 'refused'
  }

  async #keepCookies(hop: Hop, { setCookies }: Answer): Promise<void> {
    this.#cookies ??= new Cookies()
    if (setCookies.length > 0) await this.#cookies.keep(siteUrl(hop), setCookies)
  }
}
