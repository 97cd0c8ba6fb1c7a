// SPDX-License-Identifier: Apache-2.0
import type { Run } from '@leadline/kit'
import { Answer, type answerMetrics } from './answer.ts'
import type { HttpConfig } from './config.ts'
import { connect } from './connect.ts'
import { exchange, hopRequest } from './exchange.ts'
import type { Measurements } from './measurements.ts'
import { followRedirect, type Hop, maxRedirects, redirectLocation } from './redirect.ts'
import type { RequestPlan } from './request.ts'
import { RequestFields } from './request-fields.ts'
import type { ResponseHead } from './wire.ts'

/** The way of one probe over its hops, from the first request to the final response. */
export class Journey {
  readonly #run: Run<HttpConfig, typeof answerMetrics>
  readonly #plan: RequestPlan
  readonly #measured: Measurements
  readonly #first: Hop
  readonly #fields: RequestFields
  #answer: Answer | undefined

  constructor(run: Run<HttpConfig, typeof answerMetrics>, plan: RequestPlan, measured: Measurements, first: Hop) {
    this.#run = run
    this.#plan = plan
    this.#measured = measured
    this.#first = first
    this.#fields = new RequestFields(run, plan)
  }

  /** Measures what there is of a response, for the deadline has come. */
  cut(): void {
    this.#answer?.endBody()
  }

  /** Makes one hop. Gives the next one, undefined when this was the last. Throws CheckFailed when it fails. */
  async make(hop: Hop): Promise<Hop | undefined> {
    const { config, log } = this.#run
    const { secure, path } = hop.url
    log.debug('Making HTTP request', { host: hop.host, ip: hop.address?.ip, path, secure })
    const gathered = this.#fields.of(hop)
    const fields = gathered instanceof Promise ? await gathered : gathered
    const prefer = this.#first.address === undefined ? config.preferred_ip_protocol : `ip${this.#first.address.family}`
    const connection = await connect(this.#run, this.#measured, hop, { prefer, later: hop !== this.#first })
    const answer = new Answer(this.#run, this.#measured, connection, (head) => this.#redirect(hop, head))
    this.#answer = answer
    let error: unknown
    try {
      await exchange(connection, hopRequest(this.#plan, hop, fields, connection), answer)
      const decoded = answer.decoded()
      if (decoded !== undefined) await decoded
    } catch (reason) {
      error = reason
    }
    answer.endBody()
    connection.socket.destroy()
    if (answer.next !== undefined) {
      await this.#fields.redirected(hop, answer.setCookies)
      return answer.next
    }
    const judged = answer.judge(error)
    if (judged !== undefined) await judged
    return undefined
  }

  #redirect(hop: Hop, head: ResponseHead): Hop | 'refused' | undefined {
    const { config, log } = this.#run
    const location = redirectLocation(head, this.#plan.bodyFile === '')
    if (location === undefined) return undefined
    log.debug('Received redirect', { location })
    // Before it counts, as in Go's client: a Location that can't be read is no redirect.
    const next = config.follow_redirects ? followRedirect(this.#first, hop, head.status, location) : undefined
    this.#measured.redirects++
    if (next !== undefined && this.#measured.redirects <= maxRedirects) return next
    log.debug('Not following redirect')
    return 'refused'
  }
}
