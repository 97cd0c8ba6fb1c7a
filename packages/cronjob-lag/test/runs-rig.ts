// SPDX-License-Identifier: Apache-2.0
import { fastify } from 'fastify'
import type { JudgedCronJob } from '../src/judge/judge.ts'
import { runsRoutes } from '../src/runs-page/routes.ts'
import type { RunsView } from '../src/runs-page/view.ts'
import { objectiveSeconds, type World } from './world.ts'

/** What the page of runs would show of a simulated cluster. */
export function viewOf(world: World, more: Partial<RunsView> = {}): RunsView {
  return {
    cronJobs: () => world.judge.known().values(),
    now: () => world.now,
    blindness: () => undefined,
    objectiveSecondsOf: () => objectiveSeconds,
    path: (relative) => `/prefix/${relative}`,
    ...more,
  }
}

/** A CronJob under another name, as the judge knows it. */
export function renamed(cronJob: JudgedCronJob, namespace: string, name: string): JudgedCronJob {
  const facts = { ...cronJob.facts, namespace, name }
  return { facts, openState: (now) => cronJob.openState(now), runs: () => cronJob.runs() }
}

/** An answer of the page. */
export interface Answered {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly text: string
}

/** Asks for a page as a browser does, or with other headers. */
export async function ask(view: RunsView, url: string, headers: Record<string, string> = {}): Promise<Answered> {
  const server = fastify()
  server.register((scope, _options, done) => {
    runsRoutes(view)(scope)
    done()
  })
  const { statusCode, headers: sent, body } = await server.inject({ url, headers: { accept: 'text/html', ...headers } })
  await server.close()
  return { status: statusCode, headers: sent, text: body }
}

/** Asks for JSON. */
export async function askJson(view: RunsView, url: string): Promise<Readonly<Record<string, unknown>>> {
  const { text } = await ask(view, url, { accept: 'application/json' })
  return JSON.parse(text) as Readonly<Record<string, unknown>>
}

/** Where the CronJob that simulated clusters usually have is shown. */
export const backup = '/runs?namespace=default&cronjob=backup'
