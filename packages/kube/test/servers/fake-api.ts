// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Test } from 'tap'

/** An object as it lies in the server. */
export interface StoredObject {
  readonly metadata: {
    readonly name: string
    readonly namespace: string
    readonly uid: string
    resourceVersion: string
  }
  readonly [field: string]: unknown
}

/** A request that came, or is being answered. */
export interface Received {
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: IncomingMessage['headers']
}

/** Answers a request in the place of the server; gives false to leave it alone. */
export type Fault = (received: Received, response: ServerResponse) => boolean

interface Change {
  readonly version: number
  readonly collection: string
  readonly line: string
}

interface OpenWatch {
  readonly collection: string
  readonly response: ServerResponse
}

/** How the server differs from one of today. */
export interface FakeApiOptions {
  /** Whether it knows sendInitialEvents; true when absent. */
  readonly hasWatchList?: boolean
  /** Bytes of each chunk of a watch's body; whole lines when absent. */
  readonly chunkBytes?: number
  readonly tls?: { readonly cert: string; readonly key: string }
  /** Told what each Authorization header is worth; all are good when absent. */
  readonly isKnown?: (authorization: string | undefined) => boolean
  /** Seconds that its clock is ahead. */
  readonly aheadSeconds?: number
}

/**
 * An API server in little, for what a real one can't be made to do on demand: collections with lists, pages, watches,
 * watch-lists, bookmarks, compaction and writes with preconditions, by the real protocol over HTTP.
 */
export class FakeApi {
  readonly #options: FakeApiOptions
  readonly #objects = new Map<string, Map<string, StoredObject>>()
  readonly #history: Change[] = []
  readonly #watches = new Set<OpenWatch>()
  readonly #tokens = new Map<string, { readonly rest: readonly StoredObject[]; readonly version: number }>()
  readonly #listener: RequestListener = (request, response) => void this.#answer(request, response)
  readonly server
  readonly requests: Received[] = []
  /** Asked with each request; the first that gives true has answered it. */
  faults: Fault[] = []
  /** Whether the next change reaches the watches as a line that is not JSON. */
  garblesNext = false
  #version = 100
  #compactedTo = 0

  constructor(options: FakeApiOptions = {}) {
    this.#options = options
    this.server = options.tls ? createTlsServer(options.tls, this.#listener) : createServer(this.#listener)
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port
  }
  get url(): string {
    return `http${this.#options.tls ? 's' : ''}://127.0.0.1:${this.port}`
  }
  get openWatches(): number {
    return this.#watches.size
  }
  get version(): number {
    return this.#version
  }

  all(collection: string): readonly StoredObject[] {
    return [...(this.#objects.get(collection)?.values() ?? [])]
  }

  /** Creates an object or changes it. */
  set(collection: string, name: string, fields: object = {}): StoredObject {
    const objects = this.#objects.get(collection) ?? new Map<string, StoredObject>()
    this.#objects.set(collection, objects)
    const before = objects.get(name)
    const uid = before?.metadata.uid ?? randomUUID()
    const metadata = { name, namespace: 'default', uid, resourceVersion: `${++this.#version}` }
    const object = { metadata: { ...metadata, managedFields: [{ manager: 'm' }] }, ...fields }
    objects.set(name, object)
    this.#publish(collection, before ? 'MODIFIED' : 'ADDED', object)
    return object
  }

  delete(collection: string, name: string): void {
    const object = this.#objects.get(collection)?.get(name)
    if (object === undefined) return
    this.#objects.get(collection)?.delete(name)
    const metadata = { ...object.metadata, resourceVersion: `${++this.#version}` }
    this.#publish(collection, 'DELETED', { ...object, metadata })
  }

  /** Forgets all changes: who watches from before gets 410, and pages that were begun are lost. */
  compact(): void {
    this.#compactedTo = this.#version
    this.#tokens.clear()
  }

  bookmark(): void {
    for (const { response } of this.#watches) this.write(response, bookmarkLine(this.#version))
  }

  /** Ends all watches as a server that restarts does (`end`), or as a network that fails. */
  disconnect(how: 'end' | 'cut'): void {
    for (const { response } of this.#watches) {
      if (how === 'end') response.end()
      else response.destroy()
    }
    this.#watches.clear()
  }

  /** Writes bytes of a watch, in chunks as small as wished for. */
  write(response: ServerResponse, bytes: string): void {
    const all = Buffer.from(bytes)
    const size = this.#options.chunkBytes ?? all.length
    for (let from = 0; from < all.length; from += size) response.write(all.subarray(from, from + size))
  }

  /** Writes to all watches that are open. */
  say(bytes: string): void {
    for (const { response } of this.#watches) this.write(response, bytes)
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://fake')
    const received: Received = {
      method: request.method ?? '',
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: request.headers,
    }
    this.requests.push(received)
    response.setHeader('date', new Date(Date.now() + (this.#options.aheadSeconds ?? 0) * 1000).toUTCString())
    const body = await text(request)
    if (this.#options.isKnown?.(request.headers.authorization) === false) {
      return sendStatus(response, 401, 'Unauthorized')
    }
    if (this.faults.some((fault) => fault(received, response))) return
    if (received.method === 'GET') this.#read(received, response)
    else this.#write(received, JSON.parse(body) as StoredObject, response)
  }

  #read({ path, query }: Received, response: ServerResponse): void {
    if (query['watch'] !== undefined) return this.#watch(path, query, response)
    const [collection, name] = splitName(path)
    if (name === undefined) return this.#list(collection, query, response)
    const object = this.#objects.get(collection)?.get(name)
    if (object === undefined) sendStatus(response, 404, `"${name}" not found`)
    else sendJson(response, 200, object)
  }

  #write({ method, path }: Received, sent: StoredObject, response: ServerResponse): void {
    const [collection, named] = splitName(path)
    const name = named ?? sent.metadata.name
    const before = this.#objects.get(collection)?.get(name)
    if (method === 'POST' && before !== undefined) return sendStatus(response, 409, `"${name}" already exists`)
    if (method === 'PUT' && before === undefined) return sendStatus(response, 404, `"${name}" not found`)
    const wanted = sent.metadata.resourceVersion
    if (wanted !== undefined && wanted !== before?.metadata.resourceVersion) {
      return sendStatus(response, 409, 'the object has been modified')
    }
    const { metadata: _, ...fields } = sent
    sendJson(response, method === 'POST' ? 201 : 200, this.set(collection, name, fields))
  }

  #list(collection: string, query: Received['query'], response: ServerResponse): void {
    const token = query['continue']
    const begun = token === undefined ? undefined : this.#tokens.get(token)
    if (token !== undefined && begun === undefined) return sendStatus(response, 410, 'The provided continue is too old')
    const { rest, version } = begun ?? { rest: this.all(collection), version: this.#version }
    const limit = Number(query['limit'] ?? rest.length)
    const next = rest.length > limit ? randomUUID() : ''
    if (next) this.#tokens.set(next, { rest: rest.slice(limit), version })
    sendJson(response, 200, {
      kind: 'List',
      metadata: { resourceVersion: `${version}`, continue: next },
      items: rest.slice(0, limit),
    })
  }

  #watch(path: string, query: Received['query'], response: ServerResponse): void {
    const wantsInitial = query['sendInitialEvents'] === 'true'
    if (wantsInitial && this.#options.hasWatchList === false) {
      return sendStatus(
        response,
        422,
        'sendInitialEvents is forbidden for watch unless the WatchList feature gate is on',
      )
    }
    response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders()
    const from = Number(query['resourceVersion'] ?? this.#version)
    if (wantsInitial) {
      for (const object of this.all(path)) this.write(response, eventLine('ADDED', object))
      this.write(response, bookmarkLine(this.#version, true))
    } else if (from < this.#compactedTo) {
      this.write(response, `${JSON.stringify({ type: 'ERROR', object: status(410, 'too old resource version') })}\n`)
      response.end()
      return
    }
    for (const { version, collection, line } of this.#history) {
      if (!wantsInitial && collection === path && version > from) this.write(response, line)
    }
    const open = { collection: path, response }
    this.#watches.add(open)
    response.on('close', () => this.#watches.delete(open))
  }

  #publish(collection: string, type: string, object: StoredObject): void {
    const line = eventLine(type, object)
    this.#history.push({ version: this.#version, collection, line })
    const sent = this.garblesNext ? `${line.slice(0, 20)}\n` : line
    this.garblesNext = false
    for (const watch of this.#watches) if (watch.collection === collection) this.write(watch.response, sent)
  }
}

/** Starts a server that goes when the test ends. */
export async function startFakeApi(t: Test, options: FakeApiOptions = {}): Promise<FakeApi> {
  const api = new FakeApi(options)
  await new Promise<void>((resolve) => api.server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    api.server.closeAllConnections()
    api.server.close()
  })
  return api
}

/** The line of an event. */
export function eventLine(type: string, object: unknown): string {
  return `${JSON.stringify({ type, object })}\n`
}

/** The line of a bookmark. */
export function bookmarkLine(version: number, endsInitial = false): string {
  const annotations = endsInitial ? { 'k8s.io/initial-events-end': 'true' } : undefined
  return eventLine('BOOKMARK', { kind: 'CronJob', metadata: { resourceVersion: `${version}`, annotations } })
}

/** An answer of kind Status. */
export function sendStatus(
  response: ServerResponse,
  code: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  sendJson(response, code, status(code, message), headers)
}

function status(code: number, message: string): object {
  return { kind: 'Status', apiVersion: 'v1', status: 'Failure', message, code }
}

function sendJson(
  response: ServerResponse,
  code: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(code, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}

/** A path with a name behind the collection, as far as these tests need it. */
function splitName(path: string): readonly [collection: string, name: string | undefined] {
  const at = path.search(/\/(?:configmaps|cronjobs|leases|pods)\/[^/]+$/)
  if (at < 0) return [path, undefined]
  const cut = path.lastIndexOf('/')
  return [path.slice(0, cut), path.slice(cut + 1)]
}
