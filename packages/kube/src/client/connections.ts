// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { type ConnectionOptions, checkServerIdentity } from 'node:tls'
import { Agent, buildConnector, type Dispatcher, ProxyAgent, Socks5ProxyAgent } from 'undici'
import type { Grant } from './credentials.ts'
import type { KubeContext } from './kubeconfig.ts'

/** Milliseconds for a connection to come about. */
const connectTimeout = 10_000

/** Milliseconds that an idle connection is kept; below the 90 s or so of usual load balancers. */
const keepAliveTimeout = 60_000

type TlsOptions = buildConnector.BuildOptions

const common = { allowH2: false, pipelining: 1, keepAliveTimeout, headersTimeout: 0, bodyTimeout: 0 } as const

/**
 * Connections to the API server, by HTTP/1.1; through a proxy only if the kubeconfig names one. Files of certificates
 * are read at each new connection. `grant` tells the client certificate of a plugin.
 */
export function openConnections(context: KubeContext, grant: () => Grant): Dispatcher {
  const { proxyUrl } = context.cluster
  const tls = (): ConnectionOptions => tlsOptions(context, grant())
  if (!proxyUrl) return new Agent({ ...common, connect: connector(tls) })
  if (!proxyUrl.startsWith('socks'))
    return new ProxyAgent({ ...common, uri: proxyUrl, requestTls: tls() as TlsOptions })
  return new Socks5ProxyAgent(proxyUrl, { ...common, requestTls: { ...nameOf(context), ...tls() } as TlsOptions })
}

/**
 * What Socks5ProxyAgent needs for an API server that is known by its address: it would send the address as the server
 * name, which RFC 6066 (3) forbids and Node 26 refuses. The name sent is one that every API server's certificate has.
 */
function nameOf({ cluster }: KubeContext): ConnectionOptions {
  const host = new URL(cluster.server).hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) === 0) return {}
  const servername = 'kubernetes.default.svc'
  return { servername, checkServerIdentity: (_name, certificate) => checkServerIdentity(host, certificate) }
}

function connector(tls: () => ConnectionOptions): buildConnector.connector {
  return (options, connected) => {
    try {
      const own = options.protocol === 'https:' ? tls() : {}
      // No kept sessions: a resumed one would not see a renewed certificate.
      const all = {
        ...own,
        allowH2: false,
        maxCachedSessions: 0,
        timeout: connectTimeout,
        keepAliveInitialDelay: 30_000,
      }
      buildConnector(all as TlsOptions)(options, connected)
    } catch (error) {
      connected(error as Error, null)
    }
  }
}

function tlsOptions({ cluster, user }: KubeContext, grant: Grant): ConnectionOptions {
  const ca = fileOrData('certificate-authority', cluster.caFile, cluster.caData)
  const cert = grant.cert ?? fileOrData('client-certificate', user?.certFile, user?.certData)
  const key = grant.key ?? fileOrData('client-key', user?.keyFile, user?.keyData)
  return {
    rejectUnauthorized: !cluster.skipTLSVerify,
    ...(ca && { ca }),
    ...(cert && { cert }),
    ...(key && { key }),
    ...(cluster.tlsServerName && { servername: cluster.tlsServerName }),
  }
}

function fileOrData(what: string, file: string | undefined, data: string | undefined): Buffer | undefined {
  if (!file) return data ? Buffer.from(data, 'base64') : undefined
  try {
    return readFileSync(file)
  } catch (error) {
    throw Object.assign(new Error(`${what} ${file}: ${(error as Error).message}`), { code: 'ERR_TLS_FILE' })
  }
}
