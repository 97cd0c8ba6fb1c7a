// SPDX-License-Identifier: Apache-2.0
import { replyPage, replyText } from '@leadline/kit'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { answerOf } from './answer.ts'
import { askedOf } from './asked.ts'
import { detailPage } from './detail-page.ts'
import { detailDocument, listDocument } from './document.ts'
import { findCronJob } from './find.ts'
import { listAnswer } from './list-answer.ts'
import { listPage } from './list-page.ts'
import { listCronJobs } from './listing.ts'
import { unknownPage, unknownText } from './unknown-page.ts'
import type { RunsView } from './view.ts'

type Query = Readonly<Record<string, string | readonly string[] | undefined>>

/**
 * Adds /runs: the answer to "did it run?", for one CronJob with `?namespace=` and `?cronjob=`, otherwise for all that match.
 * A page, or JSON with `?format=json` or where the caller accepts JSON and no HTML.
 */
export function runsRoutes(view: RunsView): (server: FastifyInstance) => void {
  return (server) => {
    server.all('/runs', (request, reply) => answer(view, request, reply))
  }
}

async function answer(view: RunsView, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const query = request.query as Query
  const namespace = valueOf(query['namespace'])
  const cronJob = valueOf(query['cronjob'])
  const format = valueOf(query['format'])
  if (format !== undefined && format !== 'json' && format !== 'html') {
    return replyText(reply, 400, 'format is neither json nor html')
  }
  const isJson = format === undefined ? wantsJson(request.headers.accept) : format === 'json'
  reply.header('Vary', 'Accept').header('X-Content-Type-Options', 'nosniff').header('Cache-Control', 'no-store')
  if (namespace !== undefined && cronJob !== undefined) return answerOne(view, namespace, cronJob, isJson, reply)
  const listing = await listCronJobs(view, { namespace, cronJob })
  if (isJson) return replyJson(reply, listDocument(listing, listAnswer(listing), view))
  return replyPage(reply, listPage(listing, { namespace, cronJob }, view))
}

function answerOne(
  view: RunsView,
  namespace: string,
  name: string,
  isJson: boolean,
  reply: FastifyReply,
): FastifyReply {
  const search = findCronJob(view, { namespace, name })
  if ('found' in search) {
    const asked = askedOf(search.found, view)
    const said = answerOf(asked)
    if (isJson) return replyJson(reply, detailDocument(asked, said, view))
    return replyPage(reply, detailPage(asked, said, view))
  }
  const { meant } = search
  reply.code(404)
  if (!isJson) return replyPage(reply, unknownPage({ namespace, name }, meant, view))
  const nearest = meant === undefined ? null : { namespace: meant.namespace, cronJob: meant.name }
  return replyJson(reply, { error: unknownText({ namespace, name }), nearest })
}

function replyJson(reply: FastifyReply, document: object): FastifyReply {
  return reply.header('Content-Type', 'application/json; charset=utf-8').send(`${JSON.stringify(document)}\n`)
}

/** The first one; undefined when it is empty, as a form sends what is left out. */
function valueOf(value: string | readonly string[] | undefined): string | undefined {
  return (typeof value === 'string' ? value : value?.[0]) || undefined
}

function wantsJson(accept: string | undefined): boolean {
  return accept !== undefined && accept.includes('application/json') && !accept.includes('text/html')
}
