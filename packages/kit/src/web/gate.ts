// SPDX-License-Identifier: Apache-2.0
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Clock } from '../clock.ts'
import type { Logger } from '../log.ts'
import { answerText } from '../serve/text.ts'
import { TooBusy } from './bcrypt.ts'
import type { WebConfig } from './config.ts'
import type { WebConfigFile } from './file.ts'
import { RateLimiter } from './rate-limit.ts'
import { Users } from './users.ts'

/** Lets requests through as the web config says: readable config, rate limit, headers, users, in this order. */
export class Gate {
  readonly #file: WebConfigFile
  readonly #log: Logger
  readonly #clock: Clock
  readonly #users = new Users()
  #limiter: RateLimiter | undefined

  constructor(file: WebConfigFile, log: Logger, clock: Clock) {
    this.#file = file
    this.#log = log
    this.#clock = clock
  }

  /** The listener behind the gate; nothing that is behind is seen before the request is let through. */
  guard(listener: RequestListener): RequestListener {
    return (request, response) => {
      let config: WebConfig
      try {
        config = this.#file.current()
      } catch {
        answerText(response, 500, 'Internal Server Error')
        return
      }
      if (!this.#allowsRate(config)) {
        answerText(response, 429, 'Too Many Requests')
        return
      }
      setHeaders(response, config)
      if (config.basic_auth_users.size === 0) listener(request, response)
      else this.#authenticate(request, response, config, listener)
    }
  }

  /** Ends what the gate keeps running. */
  close(): Promise<void> {
    return this.#users.close()
  }

  #allowsRate({ rate_limit: { interval, burst } }: WebConfig): boolean {
    if (interval === 0) return true
    if (this.#limiter?.intervalSeconds !== interval || this.#limiter.burst !== burst) {
      this.#limiter = new RateLimiter(interval, burst, this.#clock)
    }
    return this.#limiter.allow()
  }

  #authenticate(
    request: IncomingMessage,
    response: ServerResponse,
    { basic_auth_users: users }: WebConfig,
    listener: RequestListener,
  ): void {
    const pass = (allowed: boolean): void => {
      if (allowed) {
        listener(request, response)
        return
      }
      response.setHeader('WWW-Authenticate', 'Basic')
      answerText(response, 401, 'Unauthorized')
    }
    const verdict = this.#users.allows(request.headers.authorization, users)
    if (typeof verdict === 'boolean') pass(verdict)
    else {
      verdict.then(pass, (error: unknown) => {
        if (error instanceof TooBusy) return answerText(response, 503, 'Service Unavailable')
        this.#log.error('Unable to compare a password', { err: error })
        return answerText(response, 500, 'Internal Server Error')
      })
    }
  }
}

function setHeaders(response: ServerResponse, { http_server_config: { headers } }: WebConfig): void {
  for (const [name, value] of Object.entries(headers)) if (value) response.setHeader(name, value)
}
