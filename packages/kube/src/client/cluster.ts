// SPDX-License-Identifier: Apache-2.0
import type { Readable } from 'node:stream'
import type { Clock, Logger } from '@leadline/kit'
import { ClockSkew } from './clock-skew.ts'
import { openCredentials } from './credentials.ts'
import { type ContextChoice, findContext, processSurroundings, type Surroundings } from './find-context.ts'
import { type KubeContext, KubeconfigError } from './kubeconfig.ts'
import { type Listed, type ListOptions, listPages } from './pages.ts'
import { persistently } from './persistence.ts'
import type { Query } from './query.ts'
import { Transport } from './transport.ts'

/** What a request may say beside its path. */
export interface RequestOptions {
  readonly query?: Query
  /** Media type of the answer; plain JSON when absent. */
  readonly accept?: string
  /** The request is dropped when it aborts, and rejects with its reason. */
  readonly signal?: AbortSignal
  /** Deadline of the whole, attempts after the first included; 30 when absent. */
  readonly timeoutSeconds?: number
}

/**
 * One API server. Requests reject with ApiError. A token that is refused is renewed once; 429 is obeyed; reads are tried
 * again, with growing waits, when the server is not there or in trouble: all within the deadline.
 */
export interface Cluster {
  /** URL of the API server. */
  readonly server: string
  /** The namespace of the context; of the pod's own when it is in the cluster. */
  readonly namespace: string | undefined
  /** Gets the JSON of a path such as `/api/v1/pods`. */
  get(path: string, options?: RequestOptions): Promise<unknown>
  /** Lists page by page, from the start again when the server forgot where the list was; `pick` sees each object once. */
  list<T>(path: string, options: ListOptions<T>): Promise<Listed<T>>
  /** Creates or replaces an object; tried again only where the server did nothing: after 401 and 429. */
  write(method: 'POST' | 'PUT', path: string, body: unknown, options?: RequestOptions): Promise<unknown>
  /** Opens a watch: one attempt, which rejects after `timeoutSeconds` without headers or `silentSeconds` without bytes. */
  stream(path: string, options: RequestOptions & { readonly silentSeconds: number }): Promise<Readable>
  /** Seconds that the cluster's clock is ahead of ours, within about 1; undefined before the first answer. */
  skewSeconds(): number | undefined
  /** Ends all connections. */
  close(): Promise<void>
}

/** How to reach a cluster. */
export interface ClusterOptions extends ContextChoice {
  /** Our name to the server: `leadline-cronjob-lag/0.1.0`. */
  readonly userAgent: string
  readonly clock: Clock
  readonly log: Logger
  readonly surroundings?: Surroundings
  /** From 0 to 1, for waits; Math.random when absent. */
  readonly random?: () => number
}

const usualTimeoutSeconds = 30

/**
 * Opens the way to a cluster; nothing is sent before the first request. Throws KubeconfigError when no cluster is to be
 * found, or what was found can't be used.
 */
export function openCluster(options: ClusterOptions): Cluster {
  const { surroundings = processSurroundings() } = options
  const context = findContext(options, surroundings)
  if (context === undefined) {
    throw new KubeconfigError('no cluster is to be found: give a kubeconfig, set KUBECONFIG, or run in a pod')
  }
  return clusterOf(context, options)
}

function clusterOf(context: KubeContext, { userAgent, clock, log, random = Math.random }: ClusterOptions): Cluster {
  const { server } = context.cluster
  warnOf(context, log)
  const skew = new ClockSkew()
  const credentials = openCredentials(context, clock)
  const transport = new Transport({ context, credentials, userAgent, clock, skew })
  const ask = async (
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    body: unknown,
    { query = {}, accept, signal, timeoutSeconds = usualTimeoutSeconds }: RequestOptions,
  ): Promise<unknown> =>
    persistently((leftSeconds) => transport.json({ method, path, query, accept, body }, leftSeconds, signal), {
      isRead: method === 'GET',
      timeoutSeconds,
      clock,
      random,
      signal,
    })
  const get: Cluster['get'] = (path, requestOptions = {}) => ask('GET', path, undefined, requestOptions)
  return {
    server,
    namespace: context.namespace,
    get,
    list: (path, listOptions) => listPages(get, path, listOptions),
    write: (method, path, body, requestOptions = {}) => ask(method, path, body, requestOptions),
    stream: (path, { query = {}, accept, signal, timeoutSeconds = usualTimeoutSeconds, silentSeconds }) =>
      transport.stream({ method: 'GET', path, query, accept }, { timeoutSeconds, silentSeconds }, signal),
    skewSeconds: () => skew.seconds(),
    close: () => transport.close(),
  }
}

function warnOf({ cluster, user }: KubeContext, log: Logger): void {
  const { server, skipTLSVerify } = cluster
  if (server.startsWith('http:')) {
    if (user?.token || user?.tokenFile || user?.exec || user?.username) {
      log.warn('The API server is spoken to without TLS, so it is not told who we are', { server })
    }
  } else if (skipTLSVerify) {
    log.warn("The API server's certificate is not verified, as the kubeconfig wants it", { server })
  }
}
