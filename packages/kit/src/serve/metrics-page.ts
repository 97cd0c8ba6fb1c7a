// SPDX-License-Identifier: Apache-2.0
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '../clock.ts'
import { nearest } from '../config/nearest.ts'
import { filterByName, mergeFamilies } from '../exposition/merge.ts'
import type { Logger } from '../log.ts'
import type { Family } from '../samples.ts'
import { type Collector, scrape } from '../scrape.ts'
import type { SelfMetrics } from '../self.ts'
import { sendFamilies } from './send-families.ts'
import { replyText } from './text.ts'

/** What the metrics page is made of. */
export interface MetricsPageOptions {
  readonly namespace: string
  readonly collectors: readonly Collector[]
  readonly self: SelfMetrics
  /** Pages made at one time; 0 is no limit. */
  readonly maxRequests: number
  /** Whether process_*, nodejs_* and promhttp_* are on the page. */
  readonly withProcess: boolean
  readonly log: Logger
  readonly clock: Clock
}

/** Taken off the scraper's timeout, so that the page arrives within it. */
const timeoutOffsetSeconds = 0.5
const defaultTimeoutSeconds = 10
/** Timers of Node end at once when they are asked for more than 24 days. */
const longestTimeoutSeconds = 3600
/** What encoding and instruments may take after the collectors' deadline. */
const graceSeconds = 0.25

const startTimeUnix = String(Math.round(performance.timeOrigin / 1000))

/** The metrics page: collectors with the deadline of the scraper, and the exporter itself. */
export class MetricsPage {
  readonly #options: MetricsPageOptions
  #inFlight = 0

  constructor(options: MetricsPageOptions) {
    this.#options = options
  }

  /** Answers a request for the page. */
  readonly answer = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { maxRequests, self } = this.#options
    if (maxRequests > 0 && this.#inFlight >= maxRequests) {
      self.pageAnswered(503)
      return replyText(reply, 503, `Limit of concurrent requests reached (${maxRequests}), try again later.`)
    }
    self.pagesInFlight(++this.#inFlight)
    try {
      await this.#answer(request, reply)
      self.pageAnswered(reply.statusCode)
      return reply
    } finally {
      self.pagesInFlight(--this.#inFlight)
    }
  }

  async #answer(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const query = request.query as Readonly<Record<string, string | string[] | undefined>>
    const collectors = this.#choose(valuesOf(query['collect[]']))
    if (typeof collectors === 'string') return void replyText(reply, 400, collectors)
    const timeoutSeconds = timeoutOf(request.headers['x-prometheus-scrape-timeout-seconds'])
    try {
      const families = await within(timeoutSeconds + graceSeconds, this.#gather(collectors, timeoutSeconds))
      if (families === undefined) return void replyText(reply, 503, `Exceeded the timeout of ${timeoutSeconds}s.`)
      reply.raw.setHeader('Process-Start-Time-Unix', startTimeUnix)
      await sendFamilies(request, reply, filterByName(families, valuesOf(query['name[]'])))
    } catch (error) {
      this.#options.log.error('Unable to make the metrics page', { err: error })
      replyText(reply, 500, 'An error has occurred while making the metrics page; the log has it.')
    }
  }

  /** The collectors of `collect[]`, all when it isn't given; a message when one is unknown. */
  #choose(names: readonly string[]): readonly Collector[] | string {
    const { collectors } = this.#options
    if (names.length === 0) return collectors
    const known = collectors.map(({ name }) => name)
    const unknown = names.find((name) => !known.includes(name))
    if (unknown === undefined) return collectors.filter(({ name }) => names.includes(name))
    const near = nearest(unknown, known)
    const mend = near === undefined ? '' : ` did you mean ${near}?`
    return `unknown collector "${unknown}";${mend} allowed: ${known.length === 0 ? 'none' : known.join(', ')}`
  }

  async #gather(collectors: readonly Collector[], timeoutSeconds: number): Promise<readonly Family[]> {
    const { namespace, self, withProcess, log, clock } = this.#options
    const scraped = await scrape(namespace, collectors, { timeoutSeconds, log, clock })
    // After the scrape, so that what it cost shows.
    return mergeFamilies(scraped, ...(await self.families(withProcess, log)))
  }
}

function valuesOf(value: string | readonly string[] | undefined): readonly string[] {
  return value === undefined ? [] : typeof value === 'string' ? [value] : value
}

/** Seconds for the collectors; a header that is no time, or leaves none, counts as absent. */
function timeoutOf(header: string | string[] | undefined): number {
  const seconds = typeof header === 'string' ? Number(header) - timeoutOffsetSeconds : 0
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, longestTimeoutSeconds) : defaultTimeoutSeconds
}

/** The value, or undefined when it takes longer; a late failure is dropped then. */
async function within<T>(seconds: number, value: Promise<T>): Promise<T | undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>()
  const timer = setTimeout(() => resolve(undefined), seconds * 1000)
  try {
    return await Promise.race([value, promise])
  } finally {
    clearTimeout(timer)
  }
}
