// SPDX-License-Identifier: Apache-2.0
import type { Connection } from './connect.ts'
import { readResponse } from './h1.ts'
import { writeRequest } from './h1-request.ts'
import { exchangeHttp2 } from './h2.ts'
import { proxyAuthorization } from './proxy.ts'
import type { Hop } from './redirect.ts'
import type { Request, RequestPlan } from './request.ts'
import { formatUrl } from './target.ts'
import type { Field, ResponseHandler } from './wire.ts'

/** The request of a hop for the connection that it goes over. */
export function hopRequest(plan: RequestPlan, hop: Hop, fields: readonly Field[], { proxy }: Connection): Request {
  if (hop.request !== undefined && proxy === undefined) return hop.request
  const authorization = proxy && proxyAuthorization(proxy)
  return {
    method: hop.method,
    host: hop.host,
    path: hop.url.path,
    absolute: proxy && formatUrl(hop.url, hop.address?.ip),
    fields: authorization === undefined ? fields : [...fields, ['Proxy-Authorization', authorization]],
    body: hop.withBody ? plan.body : undefined,
    bodyFile: hop.withBody ? plan.bodyFile : '',
  }
}

/**
 * Sends a request and reads its response, in the version that both sides agreed on.
 * Rejects as `readResponse` and `exchangeHttp2` do, and with CheckFailed when the request's body can't be read.
 */
export function exchange(connection: Connection, request: Request, handler: ResponseHandler): Promise<void> {
  if (connection.tls?.socket.alpnProtocol === 'h2') return exchangeHttp2(connection.tls.socket, request, handler)
  const response = readResponse(connection.socket, request.method, handler)
  const writing = writeRequest(connection.socket, request)
  if (writing === undefined) return response
  // The response may come, or the connection go, before the request is out.
  return Promise.race([response, writing.then(() => response)])
}
