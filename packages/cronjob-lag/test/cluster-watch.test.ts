// SPDX-License-Identifier: Apache-2.0
import { silent, systemClock } from '@leadline/kit'
import { type Test, test } from 'tap'
import { untilSo } from '../../../test/servers/until.ts'
import { startFakeApi } from '../../kube/test/servers/fake-api.ts'
import { openAt } from '../../kube/test/servers/open.ts'
import { createJudge, type Judge } from '../src/judge/judge.ts'
import { usualOptions } from '../src/judge/options.ts'
import type { Pull } from '../src/objects/pull.ts'
import { readSchedule } from '../src/schedule.ts'
import { watchCluster } from '../src/watching/cluster-watch.ts'

const paths = {
  cronjobs: '/apis/batch/v1/cronjobs',
  jobs: '/apis/batch/v1/jobs',
  pods: '/api/v1/pods',
  events: '/api/v1/events',
} as const

const judgeOptions = {
  ...usualOptions,
  scheduleOf: () => readSchedule('* * * * *', undefined),
  objectiveSecondsOf: () => 1200,
}

/** Watches that have their whole sets, of a server that refuses what `refused` has, at first or later. */
async function watching(t: Test, refused: Set<string>) {
  const api = await startFakeApi(t)
  api.faults.push(({ path }, response) => {
    if (!refused.has(path)) return false
    response.writeHead(503, { 'content-type': 'application/json' }).end('{"kind":"Status","message":"not now"}')
    return true
  })
  const ending = new AbortController()
  t.teardown(() => ending.abort())
  const watch = watchCluster({
    cluster: openAt(t, api.url),
    clusterClock: { now: systemClock.unix, at: (unix) => unix },
    config: () => ({ objective: 1200, controller_time_zone: 'UTC', roll_up: 'auto' }),
    hasEvents: true,
    signal: ending.signal,
    clock: systemClock,
    log: silent,
  })
  await watch.synced
  const allOpen = (): Promise<void> => untilSo('the watches', () => api.openWatches === 6 - 2 * refused.size)
  await allOpen()
  const seenUntil = (): number => watch.seenUntil() ?? 0
  const needed = ['cronjobs', 'jobs', 'pods'] as const
  /** Changes an object of each kind that verdicts need, and waits until the changes have come. */
  const change = async (): Promise<void> => {
    const after = systemClock.unix()
    const metadata = { creationTimestamp: '2026-09-01T10:00:00Z' }
    for (const kind of needed) api.set(paths[kind], 'one', { metadata, spec: { schedule: '* * * * *' } })
    await untilSo('the changes', () => {
      const states = watch.watches.map((one) => one.state())
      return needed.every((kind) => states.some((one) => one.kind === kind && (one.lastEventAt ?? 0) >= after))
    })
  }
  const cut = async (): Promise<void> => {
    api.disconnect('cut')
    await untilSo('that it shows', () => watch.watches.every((one) => one.state().failures.unreachable > 0))
    await allOpen()
  }
  return { api, watch, change, cut, allOpen, seenUntil }
}

test('everything is seen up to the last change of the kind that is furthest behind', async (t) => {
  const { change, seenUntil } = await watching(t, new Set())
  const begun = seenUntil()
  await change()
  t.ok(seenUntil() > begun, 'nothing is heard of refusals, but nothing is amiss with their watch')
})

test('a watch of refusals that is cut is waited for, since they tell why something is missing', async (t) => {
  const refused = new Set<string>()
  const { change, cut, allOpen, seenUntil } = await watching(t, refused)
  await change()
  refused.add(paths.events)
  await cut()
  const before = seenUntil()
  await change()
  t.equal(seenUntil(), before)
  refused.clear()
  await allOpen()
  await untilSo('that it is waited for no more', () => seenUntil() > before)
})

test('refusals that were never to be seen are not waited for', async (t) => {
  const { change, seenUntil } = await watching(t, new Set([paths.events]))
  const begun = seenUntil()
  await change()
  t.ok(seenUntil() > begun)
})

test('a judge is told of images that were there before, and of those that come', async (t) => {
  const { api, watch } = await watching(t, new Set())
  const pulled = (name: string, time: string): void => {
    const involvedObject = { kind: 'Pod', namespace: 'default', name, uid: name }
    api.set(paths.events, `${name}.e`, { involvedObject, reason: 'Pulled', firstTimestamp: time })
  }
  const told: Pull[] = []
  const judge: Judge = { ...createJudge(judgeOptions), notePulled: (pull) => void told.push(pull) }
  pulled('before-29921413-x7k2p', '2026-09-01T10:00:05Z')
  const events = () => watch.watches.find((one) => one.state().kind === 'pull_events')?.state().objects
  await untilSo('the first event', () => events() === 1)
  watch.follow(judge)
  pulled('after-29921413-x7k2p', '2026-09-01T10:00:06Z')
  await untilSo('the second one', () => told.length === 2)
  const at = Date.UTC(2026, 8, 1, 10) / 1000
  t.strictSame(told, [
    { namespace: 'default', pod: 'before-29921413-x7k2p', at: at + 5 },
    { namespace: 'default', pod: 'after-29921413-x7k2p', at: at + 6 },
  ])
})
