// SPDX-License-Identifier: Apache-2.0
import { messageOf, wholeText } from '@leadline/kit'
import { Agent, buildConnector, errors } from 'undici'
import type { Credentials } from '../rpc/credentials.ts'

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

/** Seconds that an idle connection is kept; longer than any sensible period. */
const keepAliveSeconds = 120

/** Bytes of an answer with another status that are read past, so that the connection can be kept. */
const dumpBytes = 65_536

/**
 * Reads pages of one member over HTTP/1.1 on one connection for each origin: directly, whatever proxies the environment
 * names; no redirect is followed and no request is tried twice.
 */
export class HttpReader {
  readonly #agent: Agent
  readonly #timeoutMilliseconds: number

  /** `timeoutSeconds` is the deadline of one read, connecting included. */
  constructor(tls: MemberTls, timeoutSeconds: number) {
    this.#timeoutMilliseconds = Math.ceil(timeoutSeconds * 1000)
    this.#agent = new Agent({
      connections: 1,
      pipelining: 1,
      allowH2: false,
      connect: connector(tls, this.#timeoutMilliseconds),
      keepAliveTimeout: keepAliveSeconds * 1000,
      // The deadline of the whole read stands for these.
      headersTimeout: 0,
      bodyTimeout: 0,
    })
  }

  /** Gets a page. Rejects with PageError, which says where and what; when the deadline passes too. */
  async read(url: URL, maxBytes: number): Promise<HttpPage> {
    const signal = AbortSignal.timeout(this.#timeoutMilliseconds)
    try {
      const { statusCode, headers, body } = await this.#agent.request({
        origin: url.origin,
        path: url.pathname + url.search,
        method: 'GET',
        signal,
      })
      if (statusCode === 200) return { text: await wholeText(body, maxBytes), dateAt: dateOf(headers['date']) }
      await body.dump({ limit: dumpBytes, signal })
      throw new PageError(`status ${statusCode}`, statusCode)
    } catch (error) {
      const why = signal.aborted ? `no whole answer within ${this.#timeoutMilliseconds / 1000} s` : reasonOf(error, url)
      const status = error instanceof PageError ? error.status : undefined
      throw new PageError(`GET ${url.href}: ${why}`, status, { cause: error })
    }
  }

  /** Ends the connections; reads under way fail. */
  close(): Promise<void> {
    return this.#agent.destroy()
  }
}

/** A server that finds a client's certificate wanting says so only after the handshake, and undici sees just the end. */
function reasonOf(error: unknown, { protocol }: URL): string {
  const isEnd = error instanceof errors.SocketError && protocol === 'https:'
  return isEnd ? `${error.message}; with --client-cert-auth etcd wants a client certificate` : messageOf(error)
}

function dateOf(header: string | string[] | undefined): number | undefined {
  const at = typeof header === 'string' ? Date.parse(header) / 1000 : Number.NaN
  return Number.isNaN(at) ? undefined : at
}

function connector(tls: MemberTls, timeout: number): buildConnector.connector {
  // Sessions are not kept: a resumed one would not see a renewed certificate.
  const common = { allowH2: false, maxCachedSessions: 0, timeout }
  return (options, connected) => {
    try {
      const own = options.protocol === 'https:' ? tls.tlsOptions() : {}
      buildConnector({ ...own, ...common } as buildConnector.BuildOptions)(options, connected)
    } catch (error) {
      connected(error as Error, null)
    }
  }
}
