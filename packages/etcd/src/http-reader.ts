// SPDX-License-Identifier: Apache-2.0
import type { Agent, IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import https from 'node:https'
import { messageOf, nodeHttp, wholeText } from '@leadline/kit'
import type { Credentials } from './rpc/credentials.ts'

/** How to speak TLS with a member; asked at each new connection, so that renewed certificates count from then on. */
export type MemberTls = Pick<Credentials, 'tlsOptions'>

/** A page that was asked for and not got. */
export class PageError extends Error {
  /** HTTP status of an answer other than 200; undefined when there was no answer, or the page itself was refused. */
  readonly status: number | undefined
  constructor(message: string, status?: number, options?: ErrorOptions) {
    super(message, options)
    this.name = 'PageError'
    this.status = status
  }
}

/** A page that was got. */
export interface HttpPage {
  readonly text: string
  /** The server's own time, in whole unix seconds: RFC 9110, 6.6.1. Undefined when it does not tell. */
  readonly dateAt: number | undefined
}

/** Bytes of an answer with another status that are read past, so that the connection can be kept. */
const dumpBytes = 65_536

/**
 * Reads pages over HTTP/1.1 on one connection for each origin: directly, whatever proxies the environment names; no
 * redirect is followed and no request is tried twice. undici would do as well, and take 5 MB of memory more: all that is
 * used here is loaded for the exporter's own server already.
 */
export class HttpReader {
  readonly #agents: Readonly<Record<string, Agent>>
  readonly #tls: MemberTls
  readonly #timeoutMilliseconds: number

  /** `timeoutSeconds` is the deadline of one read, connecting included. */
  constructor(tls: MemberTls, timeoutSeconds: number) {
    this.#tls = tls
    this.#timeoutMilliseconds = Math.ceil(timeoutSeconds * 1000)
    const connections = { keepAlive: true, maxSockets: 1 }
    this.#agents = {
      'http:': new nodeHttp.Agent(connections),
      // Sessions are not kept: a resumed one would not see a renewed certificate.
      'https:': new https.Agent({ ...connections, maxCachedSessions: 0 }),
    }
  }

  /** Gets a page. Rejects with PageError, which says where and what; when the deadline passes too. */
  async read(url: URL, maxBytes: number, headers: OutgoingHttpHeaders = {}): Promise<HttpPage> {
    const signal = AbortSignal.timeout(this.#timeoutMilliseconds)
    try {
      const answer = await this.#ask(url, headers, signal)
      const { statusCode } = answer
      if (statusCode === 200) return { text: await wholeText(answer, maxBytes), dateAt: dateOf(answer.headers.date) }
      await wholeText(answer, dumpBytes).catch(() => undefined)
      throw new PageError(`status ${statusCode}`, statusCode)
    } catch (error) {
      const why = signal.aborted ? `no whole answer within ${this.#timeoutMilliseconds / 1000} s` : reasonOf(error)
      const status = error instanceof PageError ? error.status : undefined
      throw new PageError(`GET ${url.href}: ${why}`, status, { cause: error })
    }
  }

  /** Ends the connections; reads under way fail. */
  close(): void {
    for (const agent of Object.values(this.#agents)) agent.destroy()
  }

  #ask(url: URL, headers: OutgoingHttpHeaders, signal: AbortSignal): Promise<IncomingMessage> {
    const agent = this.#agents[url.protocol] as Agent
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
    const request =
      url.protocol === 'https:'
        ? https.request(url, { ...this.#tls.tlsOptions(), agent, headers, signal }, resolve)
        : nodeHttp.request(url, { agent, headers, signal }, resolve)
    request.on('error', reject).end()
    return promise
  }
}

/** OpenSSL's own words without its numbers and file names, or what else the error says. */
function reasonOf(error: unknown): string {
  return (error as { readonly reason?: string }).reason ?? messageOf(error)
}

function dateOf(header: string | undefined): number | undefined {
  const at = header === undefined ? Number.NaN : Date.parse(header) / 1000
  return Number.isNaN(at) ? undefined : at
}
