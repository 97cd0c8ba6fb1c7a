// SPDX-License-Identifier: Apache-2.0
import type { RequestListener, Server } from 'node:http'
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify'
import type { Logger } from '../log.ts'
import { cleanPath } from './clean-path.ts'
import type { Location } from './external-url.ts'
import type { Landing, LandingLink } from './landing.ts'
import { landingPage } from './landing-page.ts'
import type { MetricsPage } from './metrics-page.ts'
import { replyPage } from './page.ts'
import { answerUnreadable, replyText } from './text.ts'

/** What a server shows and does; it never listens. */
export interface ServerDeps {
  readonly title: string
  readonly version: string
  readonly description: string
  readonly catchAll: boolean
  readonly location: Location
  readonly telemetryPath: string
  readonly metrics: MetricsPage
  /** The config as YAML without its secrets. */
  readonly printConfig: () => string
  /** Rejects with the reason when the config can't be loaded. */
  readonly reload: () => Promise<void>
  /** Whether requests should be sent here: started and not draining. */
  readonly isReady: () => boolean
  readonly landing: () => Landing
  /** Adds the exporter's own routes. */
  readonly routes: (server: FastifyInstance) => void
  /** Makes the HTTP server around the listener. */
  readonly httpServer: (listener: RequestListener) => Server
  readonly log: Logger
}

const noId = (): string => ''

function noSchemas(): never {
  throw new Error('routes of exporters have no schemas')
}

/** A fastify instance with all routes, ready to be given requests. Rejects when the exporter's routes clash. */
export async function buildServer(deps: ServerDeps): Promise<FastifyInstance> {
  const server = fastify({
    logger: false,
    genReqId: noId,
    exposeHeadRoutes: false,
    return503OnClosing: false,
    forceCloseConnections: false,
    serverFactory: deps.httpServer,
    clientErrorHandler: answerUnreadable,
    // No route has a schema. Without this, fastify loads Ajv and a JSON compiler for them at every start.
    schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
    frameworkErrors: (error, _request, reply) => void replyText(reply, error.statusCode ?? 400, 'Bad Request'),
  })
  // Bodies mean nothing here, whatever their type: parameters come from the query only.
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('*', (_request, payload, done) => {
    payload.resume()
    done(null)
  })
  server.setErrorHandler((error, _request, reply) => answerError(deps.log, error, reply))
  server.setNotFoundHandler((request, reply) => answerUnknown(deps, request, reply))
  const { routePrefix, externalUrl } = deps.location
  if (routePrefix !== '/') server.all('/', (_request, reply) => reply.redirect(externalUrl, 302))
  server.register(
    (scope, _options, done) => {
      addRoutes(scope, deps)
      deps.routes(scope)
      done()
    },
    { prefix: routePrefix.slice(0, -1) },
  )
  await server.ready()
  return server
}

function addRoutes(server: FastifyInstance, deps: ServerDeps): void {
  server.all(deps.telemetryPath, deps.metrics.answer)
  server.all('/-/healthy', (_request, reply) => plain(reply, 'Healthy'))
  server.all('/-/ready', (_request, reply) =>
    deps.isReady() ? plain(reply, 'Ready') : replyText(reply, 503, 'Not ready'),
  )
  server.all('/-/reload', (request, reply) => answerReload(deps, request, reply))
  server.all('/config', (_request, reply) => reply.header('Content-Type', 'text/plain').send(deps.printConfig()))
  if (deps.telemetryPath !== '/') {
    server.route({
      method: server.supportedMethods,
      url: '/',
      prefixTrailingSlash: 'slash',
      handler: (_request, reply) => answerLanding(deps, reply),
    })
  }
}

function plain(reply: FastifyReply, text: string): FastifyReply {
  return reply.header('Content-Type', 'text/plain; charset=utf-8').send(text)
}

async function answerReload(deps: ServerDeps, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  if (request.method !== 'POST') {
    return replyText(reply.header('Allow', 'POST'), 405, 'This endpoint requires a POST request.')
  }
  try {
    await deps.reload()
    return reply.send('')
  } catch (error) {
    return replyText(reply, 500, `failed to reload config: ${(error as Error).message}`)
  }
}

function answerLanding(deps: ServerDeps, reply: FastifyReply): FastifyReply {
  const { title, version, description, location, telemetryPath } = deps
  const links: LandingLink[] = [
    {
      path: telemetryPath.replace(/^\//, ''),
      text: 'Metrics',
      about: 'about this exporter itself and what it collects',
    },
    { path: 'config', text: 'Configuration', about: 'as it is in force, without secrets' },
    { path: '-/healthy', text: 'Health', about: 'answers 200 while the process runs' },
    { path: '-/ready', text: 'Readiness', about: 'answers 200 while it can serve' },
  ]
  const head = { title, version, description, routePrefix: location.routePrefix, links }
  return replyPage(reply, landingPage(head, deps.landing()))
}

/** Paths without a route: a clean form of them, the prefix without its slash, or nothing. */
function answerUnknown(deps: ServerDeps, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const [path = '/', ...query] = request.url.split('?')
  const search = query.length === 0 ? '' : `?${query.join('?')}`
  const { routePrefix } = deps.location
  const clean = cleanPath(path)
  if (clean !== path) return reply.redirect(clean + search, 307)
  if (`${path}/` === routePrefix) return reply.redirect(routePrefix + search, 307)
  if (deps.catchAll && path.startsWith(routePrefix)) return answerLanding(deps, reply)
  return replyText(reply, 404, '404 page not found')
}

function answerError(log: Logger, error: unknown, reply: FastifyReply): FastifyReply {
  const code = (error as { statusCode?: number }).statusCode ?? 500
  if (code < 500) return replyText(reply, code, (error as Error).message)
  log.error('Request failed by a fault of the exporter', { err: error instanceof Error ? error.stack : error })
  return replyText(reply, 500, 'Internal Server Error')
}
