// SPDX-License-Identifier: Apache-2.0
import type { Readable } from 'node:stream'
import { type Clock, messageOf, wholeText } from '@leadline/kit'
import type { Dispatcher } from 'undici'
import { orAborted } from '../waiting.ts'
import type { ClockSkew } from './clock-skew.ts'
import { openConnections } from './connections.ts'
import type { Credentials, Grant } from './credentials.ts'
import { ApiError } from './failure.ts'
import { type Asked, errorOfAnswer, errorOfDeadline, errorOfThrown } from './failure-line.ts'
import type { KubeContext } from './kubeconfig.ts'
import { type Query, queryText } from './query.ts'

/** One request. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT'
  /** Path of the API, without the server's own prefix. */
  readonly path: string
  readonly query: Query
  readonly accept?: string | undefined
  /** Sent as JSON. */
  readonly body?: unknown
}

/** What a transport works with. */
export interface TransportOptions {
  readonly context: KubeContext
  readonly credentials: Credentials
  readonly userAgent: string
  readonly clock: Clock
  /** Learns from each answer. */
  readonly skew: ClockSkew
}

/** Bytes of an answer; a page of 500 large objects stays well below. */
const largestAnswer = 256 * 2 ** 20

/** Bytes of the text of an error that are read. */
const largestErrorText = 65_536

type Answer = Dispatcher.ResponseData

/** Sends single requests, again after a 401 with what proves who we are renewed. Rejects with ApiError. */
export class Transport {
  readonly #options: TransportOptions
  readonly #prefix: string
  readonly #origin: string
  #grant: Grant = {}
  #connections: Dispatcher

  constructor(options: TransportOptions) {
    this.#options = options
    const { origin, pathname } = new URL(options.context.cluster.server)
    this.#origin = origin
    this.#prefix = pathname.replace(/\/$/, '')
    this.#connections = this.#open()
  }

  /** The JSON of an answer that came whole within so many seconds. */
  async json(request: ApiRequest, timeoutSeconds: number, signal?: AbortSignal): Promise<unknown> {
    return this.#within(request, timeoutSeconds, signal, async (ended) => {
      const { body } = await this.#answer(request, ended)
      const text = await wholeText(body, largestAnswer)
      try {
        return JSON.parse(text) as unknown
      } catch (error) {
        // Not the parser's message, which quotes the text.
        throw new Error('the answer is not JSON', { cause: error })
      }
    })
  }

  /** The body of an answer whose headers came in time. It fails when it is silent for too long or the signal aborts. */
  stream(
    request: ApiRequest,
    { timeoutSeconds, silentSeconds }: { readonly timeoutSeconds: number; readonly silentSeconds: number },
    signal?: AbortSignal,
  ): Promise<Readable> {
    return this.#within(request, timeoutSeconds, signal, async (ended) => {
      const { body } = await this.#answer(request, ended, silentSeconds * 1000)
      return body
    })
  }

  /** Ends the connections; requests under way fail. */
  close(): Promise<void> {
    return this.#connections.destroy()
  }

  /** Ends the work at the deadline or with the signal; what the work leaves open hangs on the signal alone. */
  async #within<T>(
    request: ApiRequest,
    timeoutSeconds: number,
    signal: AbortSignal | undefined,
    work: (ended: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const late = new AbortController()
    const timer = setTimeout(() => late.abort(), timeoutSeconds * 1000)
    try {
      return await work(signal ? AbortSignal.any([late.signal, signal]) : late.signal)
    } catch (error) {
      if (signal?.aborted) throw signal.reason
      const asked = this.#asked(request)
      throw late.signal.aborted ? errorOfDeadline(asked, timeoutSeconds) : errorOfThrown(asked, error)
    } finally {
      clearTimeout(timer)
    }
  }

  async #answer(request: ApiRequest, signal: AbortSignal, bodyTimeout = 0): Promise<Answer> {
    try {
      return await this.#once(request, signal, bodyTimeout)
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error
      this.#renew()
      return this.#once(request, signal, bodyTimeout)
    }
  }

  /** An API server looks at the end of a client certificate with each request, so that new ones need new connections. */
  #renew(): void {
    const { credentials, context } = this.#options
    credentials.renew()
    if (!this.#grant.cert && !context.user?.certFile) return
    // Watches that run on the old ones may end in peace.
    this.#connections.close().catch(() => undefined)
    this.#connections = this.#open()
  }

  async #once(request: ApiRequest, signal: AbortSignal, bodyTimeout: number): Promise<Answer> {
    const { method, path, query, body } = request
    const { clock, skew } = this.#options
    const headers = await this.#headers(request, signal)
    const sentAt = clock.unix()
    const asked = this.#connections.request({
      origin: this.#origin,
      path: `${this.#prefix}${path}${queryText(query)}`,
      method,
      headers,
      signal,
      bodyTimeout,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    // undici looks at the signal only once there is a connection.
    const answer = await orAborted(asked, signal)
    const date = answer.headers['date']
    const dateAt = typeof date === 'string' ? Date.parse(date) / 1000 : Number.NaN
    if (!Number.isNaN(dateAt)) skew.add(dateAt, sentAt, clock.unix())
    if (answer.statusCode < 300) return answer
    const text = await wholeText(answer.body, largestErrorText).catch(() => '')
    const retryAfter = answer.headers['retry-after']
    const seconds = typeof retryAfter === 'string' && /^\d+$/.test(retryAfter) ? retryAfter : undefined
    throw errorOfAnswer(this.#asked(request), answer.statusCode, text, seconds)
  }

  async #headers(request: ApiRequest, signal: AbortSignal): Promise<Record<string, string | string[]>> {
    const { credentials, userAgent } = this.#options
    try {
      this.#grant = await orAborted(credentials.grant(), signal)
    } catch (error) {
      if (signal.aborted) throw error
      const { method, server, path } = this.#asked(request)
      throw new ApiError('unauthorized', `${method} ${server}${path}: ${messageOf(error)}`, { cause: error })
    }
    return {
      accept: request.accept ?? 'application/json',
      'user-agent': userAgent,
      ...credentials.impersonation,
      ...(this.#grant.authorization !== undefined && { authorization: this.#grant.authorization }),
      ...(request.body !== undefined && { 'content-type': 'application/json' }),
    }
  }

  #open(): Dispatcher {
    return openConnections(this.#options.context, () => this.#grant)
  }

  #asked({ method, path, query }: ApiRequest): Asked {
    return { method, path, isWatch: query['watch'] !== undefined, server: this.#options.context.cluster.server }
  }
}
