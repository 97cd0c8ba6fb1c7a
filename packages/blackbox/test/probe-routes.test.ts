// SPDX-License-Identifier: Apache-2.0
import { setImmediate as nextTurn } from 'node:timers/promises'
import { type FastifyInstance, fastify } from 'fastify'
import { test } from 'tap'
import type { ProbeModule } from '../src/config.ts'
import { History } from '../src/probe/history.ts'
import { addProbeRoutes } from '../src/probe/routes.ts'
import type { ProbeAnswer, ProbeCaller, ProbeService } from '../src/probe/service.ts'

const module: ProbeModule = { prober: 'tcp', timeout: 5 }

function answer(target: string): ProbeAnswer {
  return {
    result: {
      moduleName: 'any',
      module,
      target,
      success: true,
      ending: 'success',
      durationSeconds: 0,
      records: [],
      page: `of ${target}`,
    },
    families: [],
  }
}

/** A server of /probe whose probes are made by `probe`; `onAsked` is called when a request is read. */
function serverOf(probe: ProbeService['probe'], onAsked = (): void => {}): FastifyInstance {
  const server = fastify()
  addProbeRoutes(server, {
    config: () => {
      onAsked()
      return { modules: new Map([['any', module]]) }
    },
    service: { probe } as ProbeService,
    history: new History(0),
    timeoutOffsetSeconds: 0.5,
    onUnknownModule: () => {},
  })
  return server
}

test('probes asked for at once begin in a row, and are answered in a row', async (t) => {
  const events: string[] = []
  const callers: ProbeCaller[] = []
  const server = serverOf(
    ({ target }, caller) => {
      events.push(`${target} begins`)
      callers.push(caller)
    },
    () => events.push('asked'),
  )
  server.addHook('onSend', async (_request, _reply, payload) => {
    events.push(String(payload).includes('of a:1') ? 'a:1 sent' : 'b:2 sent')
  })
  await server.ready()
  const replies = ['a:1', 'b:2'].map((target) => server.inject(`/probe?module=any&debug=true&target=${target}`))
  while (callers.length < 2) await nextTurn()
  t.strictSame(events, ['asked', 'asked', 'a:1 begins', 'b:2 begins'])
  callers[0]?.answered(answer('a:1'))
  await Promise.resolve()
  callers[1]?.answered(answer('b:2'))
  t.equal(events.length, 4, 'nothing is sent before the end of the turn')
  for (const reply of await Promise.all(replies)) t.equal(reply.statusCode, 200)
  t.strictSame(events.slice(4), ['a:1 sent', 'b:2 sent'])
})

test('a fault of ours while a probe begins is told to the caller', async (t) => {
  const server = serverOf(() => {
    throw new Error('a fault')
  })
  const reply = await server.inject('/probe?module=any&target=a:1')
  t.equal(reply.statusCode, 500)
})
