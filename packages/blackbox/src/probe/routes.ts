// SPDX-License-Identifier: Apache-2.0
import { type RunAborter, RunController, replyText, sendFamilies } from '@leadline/kit'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { BlackboxConfig } from '../config.ts'
import { debugText } from './debug.ts'
import type { History, HistoryEntry } from './history.ts'
import { BadProbeRequest, type ProbeQuery, type ProbeRequest, readProbeRequest } from './request.ts'
import type { ProbeAnswer, ProbeService } from './service.ts'
import { scrapeTimeoutHeader } from './timeout.ts'
import { TurnEnd } from './turn-end.ts'

/** What the routes of the prober stand on. */
export interface ProbeRoutesOptions {
  readonly config: () => BlackboxConfig
  readonly service: ProbeService
  readonly history: History
  readonly timeoutOffsetSeconds: number
  /** Called for each request that names a module that is not there. */
  readonly onUnknownModule: () => void
}

interface LogsQuery {
  readonly id?: string
  readonly target?: string
  readonly module?: string
}

/** When probes begin and when they are answered. */
interface ProbeTurns {
  readonly beginnings: TurnEnd
  readonly answers: TurnEnd
}

/**
 * Probes that begin in one turn. A target's answer is seen when all of them have begun, so many at once would find their
 * targets slow: with 256 at a time on loopback the median duration was 8.9 ms so, and 1.2 ms by turns of 16.
 */
const mostBeginnings = 16

/** Adds /probe and /logs. Any method probes, as in the peer; parameters come from the query alone. */
export function addProbeRoutes(server: FastifyInstance, options: ProbeRoutesOptions): void {
  const turns: ProbeTurns = { beginnings: new TurnEnd(mostBeginnings), answers: new TurnEnd() }
  server.all<{ Querystring: ProbeQuery }>('/probe', (request, reply) => probe(options, turns, request, reply))
  server.all<{ Querystring: LogsQuery }>('/logs', (request, reply) => logs(options.history, request.query, reply))
}

/**
 * Answers by callback, which costs less than the promises of an async handler. Probes that are asked for in the same turn
 * of the event loop begin in a row, and answers go out in a row: the first wakes the target or the scraper, which is still
 * awake for the rest, where each alone would wake it anew.
 */
function probe(
  { config, service, timeoutOffsetSeconds, onUnknownModule }: ProbeRoutesOptions,
  { beginnings, answers }: ProbeTurns,
  request: FastifyRequest<{ Querystring: ProbeQuery }>,
  reply: FastifyReply,
): void {
  const header = request.headers[scrapeTimeoutHeader] as string | undefined
  let asked: ProbeRequest
  try {
    asked = readProbeRequest(config(), request.query, header, timeoutOffsetSeconds)
  } catch (error) {
    if (!(error instanceof BadProbeRequest)) throw error
    if (error.unknownModule) onUnknownModule()
    replyText(reply, error.status, error.message)
    return
  }
  const debug = request.query.debug === 'true'
  const failed = (error: unknown): void => void reply.send(error)
  const answered = ({ result, families }: ProbeAnswer): void =>
    answers.add(() => {
      if (debug) reply.type('text/plain').send(debugText(result))
      else sendFamilies(request, reply, families, result.page)?.catch(failed)
    }, failed)
  const caller = { debug, controller: controllerOf(reply), answered, failed }
  beginnings.add(() => service.probe(asked, caller), failed)
}

/** Aborted when the caller is gone before its answer. */
function controllerOf(reply: FastifyReply): RunAborter {
  const controller = new RunController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort(new Error('the scraper closed its connection'))
  })
  return controller
}

function logs(history: History, { id, target, module }: LogsQuery, reply: FastifyReply): FastifyReply {
  const number = id !== undefined && /^[+-]?\d+$/.test(id) ? Number(id) : undefined
  if (number === undefined && !target)
    return replyText(reply, 400, module ? 'module needs a target' : 'id or target is missing')
  if (number !== undefined && target) return replyText(reply, 400, 'id and target exclude one another')
  const entry: HistoryEntry | undefined =
    number === undefined ? history.byTarget(target as string, module || undefined) : history.byId(number)
  if (entry === undefined)
    return replyText(reply, 404, number === undefined ? 'Probe target not found' : 'Probe id not found')
  return reply.type('text/plain').send(debugText(entry.result))
}
