// SPDX-License-Identifier: Apache-2.0
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { replyPage } from '../page.ts'
import { replyText } from '../text.ts'

/** What a path tells, as a page for people and as JSON; only what is asked for is made. */
export interface Report {
  /** 200 when not given. */
  readonly code?: number
  /** The markup of the whole page. */
  page(): string
  document(): object
}

/** The value of a parameter of the query; undefined when it is empty, as a form sends what is left out. */
export type Parameter = (name: string) => string | undefined

/** A path that answers with a page, or with JSON for `?format=json` or where the caller accepts JSON and no HTML. */
export function reportRoute(
  path: string,
  report: (parameter: Parameter) => Report | Promise<Report>,
): (server: FastifyInstance) => void {
  return (server) => {
    server.all(path, async (request, reply) => {
      const query = request.query as Query
      const parameter: Parameter = (name) => valueOf(query[name])
      const format = parameter('format') ?? formatOf(request)
      if (format !== 'json' && format !== 'html') return replyText(reply, 400, 'format is neither json nor html')
      const made = await report(parameter)
      reply.code(made.code ?? 200)
      reply.header('Vary', 'Accept').header('X-Content-Type-Options', 'nosniff').header('Cache-Control', 'no-store')
      return format === 'json' ? replyJson(reply, made.document()) : replyPage(reply, made.page())
    })
  }
}

type Query = Readonly<Record<string, string | readonly string[] | undefined>>

/** The first one. */
function valueOf(value: string | readonly string[] | undefined): string | undefined {
  return (typeof value === 'string' ? value : value?.[0]) || undefined
}

function formatOf({ headers: { accept = '' } }: FastifyRequest): 'json' | 'html' {
  return accept.includes('application/json') && !accept.includes('text/html') ? 'json' : 'html'
}

function replyJson(reply: FastifyReply, document: object): FastifyReply {
  return reply.header('Content-Type', 'application/json; charset=utf-8').send(`${JSON.stringify(document)}\n`)
}
