// SPDX-License-Identifier: Apache-2.0
import { Agent, type Dispatcher } from 'undici'
import type { ApiObject } from '../../src/object.ts'

const connections = 8

/** An API server as one sees it who may do everything. Rejects with method, path, status and what the server said. */
export interface Admin {
  /** Undefined when there is no such object. */
  get<T = ApiObject>(path: string): Promise<T | undefined>
  /** All objects of a collection, which may have a query. */
  list<T = ApiObject>(path: string): Promise<readonly T[]>
  /** Posts to a collection or a subresource. */
  create<T = ApiObject>(path: string, body: object): Promise<T>
  /** Merges fields into an object (RFC 7396). */
  patch<T = ApiObject>(path: string, fields: object): Promise<T>
  /** Deletes in the background; nothing happens when there is no such object. */
  delete(path: string): Promise<void>
  /** Any path as text, as `/readyz` or `/metrics`; another server's when it is a URL. */
  text(path: string): Promise<string>
  close(): Promise<void>
}

/** How to reach it. */
export interface AdminOptions {
  readonly url: string
  readonly token: string
  /** PEM of the authority that it is trusted by. */
  readonly authority: string
}

/** Opens the way; nothing is sent before the first request. */
export function openAdmin({ url, token, authority }: AdminOptions): Admin {
  const agent = new Agent({ connections, connect: { ca: authority } })
  const ask = async (method: Dispatcher.HttpMethod, path: string, body?: object): Promise<Answer> => {
    const target = new URL(path, url)
    const { statusCode, body: answer } = await agent.request({
      origin: target.origin,
      path: `${target.pathname}${target.search}`,
      method,
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json',
      },
      ...(body && { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    if (statusCode < 300) return { status: statusCode, text }
    if (statusCode === 404 && (method === 'GET' || method === 'DELETE')) return { status: statusCode, text }
    throw new Error(`${method} ${path}: ${statusCode} ${text}`)
  }
  const json = async <T>(...request: Parameters<typeof ask>): Promise<T> =>
    JSON.parse((await ask(...request)).text) as T
  return {
    async get<T>(path: string) {
      const { status, text } = await ask('GET', path)
      return status === 404 ? undefined : (JSON.parse(text) as T)
    },
    list: async <T>(path: string) => (await json<{ readonly items: readonly T[] }>('GET', path)).items,
    create: (path, body) => json('POST', path, body),
    patch: (path, fields) => json('PATCH', path, fields),
    async delete(path) {
      await ask('DELETE', path, { propagationPolicy: 'Background' })
    },
    text: async (path) => (await ask('GET', path)).text,
    close: () => agent.destroy(),
  }
}

interface Answer {
  readonly status: number
  readonly text: string
}
