// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import { readPull } from '../src/objects/pull.ts'
import { at, World } from './world.ts'

test('the outcome of a run tells when its first image was there', async (t) => {
  const world = new World()
  world.addCronJob('* * * * *')
  world.plan = () => ({ startsAfter: 20, runsFor: 10 })
  world.runUntil('10:01:10')
  const { name } = world.jobOf('10:01')
  for (const [pod, time] of [
    [`${name}-x7k2p`, '10:01:09'],
    [`${name}-x7k2p`, '10:01:07'],
    ['other-29921413-x7k2p', '10:01:01'],
    ['bare', '10:01:01'],
  ] as const) {
    world.judge.notePulled({ namespace: 'default', pod, at: at(time) })
  }
  world.judge.notePulled({ namespace: 'elsewhere', pod: `${name}-x7k2p`, at: at('10:01:02') })
  world.runUntil('10:01:30')
  t.match(world.ticks(), [{ tick: at('10:01'), pulledAt: at('10:01:07') }])
})

test('pods of indexed Jobs are known by their index, too', async (t) => {
  const world = new World()
  world.addCronJob('* * * * *')
  world.plan = () => ({ startsAfter: 20, runsFor: 10 })
  world.runUntil('10:01:10')
  world.judge.notePulled({ namespace: 'default', pod: `${world.jobOf('10:01').name}-0-x7k2p`, at: at('10:01:08') })
  world.runUntil('10:01:30')
  t.match(world.ticks(), [{ pulledAt: at('10:01:08') }])
})

test('an event Pulled tells of its first time, and one that does not tell enough is refused', async (t) => {
  const involvedObject = { kind: 'Pod', namespace: 'shop', name: 'backup-29921413-x7k2p' }
  const [first, last] = ['2026-09-01T10:00:05Z', '2026-09-01T10:07:00Z']
  const told = { namespace: 'shop', pod: involvedObject.name, at: at('10:00:05') }
  t.strictSame(readPull({ involvedObject, firstTimestamp: first, lastTimestamp: last }), told)
  t.strictSame(readPull({ involvedObject, firstTimestamp: null, eventTime: '2026-09-01T10:00:05.000000Z' }), told)
  t.throws(() => readPull({ involvedObject, metadata: { name: 'e1' } }), {
    message: 'Event e1: its pod or its time is missing',
  })
  t.throws(() => readPull({ firstTimestamp: first }), { message: 'Event ?: its pod or its time is missing' })
})
