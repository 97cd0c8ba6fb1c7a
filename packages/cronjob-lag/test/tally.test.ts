// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import type { KillOutcome, Outcome, TickOutcome } from '../src/judge/verdict.ts'
import { countKeys } from '../src/tally/counts.ts'
import { cronJobKey, type SavedTally, Tally } from '../src/tally/tally.ts'

const subject = { uid: 'u', namespace: 'shop', cronJob: 'backup', tick: 1000 }

function tick(more: Partial<TickOutcome> = {}): TickOutcome {
  const times = { job: 'backup-1', createdAt: 1002, scheduledAt: 1005, pulledAt: 1012, startedAt: 1015, heldSeconds: 0 }
  return { type: 'tick', ...subject, verdict: 'on_time', reason: undefined, ...times, ...more }
}

function kill(more: Partial<KillOutcome> = {}): KillOutcome {
  return { type: 'kill', ...subject, job: 'backup-1', by: 'cluster', reason: 'NodeLost', ...more }
}

/** A lost run, of which there are no times. */
const lost = tick({
  verdict: 'lost',
  reason: 'deadline',
  job: undefined,
  createdAt: undefined,
  scheduledAt: undefined,
  pulledAt: undefined,
  startedAt: undefined,
})

function tallied(...outcomes: Outcome[]): Tally {
  const tally = new Tally(1200)
  for (const outcome of outcomes) tally.count(outcome)
  return tally
}

function boundsOf(objective: number): readonly number[] {
  const tally = new Tally(objective)
  tally.count(tick())
  const { buckets = [] } = tally.delays.get('shop')?.value() ?? {}
  return buckets.map(([bound]) => bound)
}

const throughJson = (saved: SavedTally): SavedTally => JSON.parse(JSON.stringify(saved)) as SavedTally

test('what an outcome counts as', async (t) => {
  t.strictSame(countKeys(tick()), ['verdict on_time'])
  t.strictSame(countKeys(lost), ['verdict lost', 'lost deadline'])
  t.strictSame(countKeys(tick({ verdict: 'skipped', reason: 'forbid' })), ['verdict skipped'])
  t.strictSame(countKeys(kill()), ['killed cluster', 'cluster NodeLost'])
  t.strictSame(countKeys(kill({ by: 'policy', reason: 'DeadlineExceeded' })), ['killed policy'])
  t.strictSame(countKeys(kill({ by: 'hand', reason: undefined })), ['killed hand'])
})

test('runs count for their CronJob and for their namespace', async (t) => {
  const tally = tallied(tick(), tick(), lost, tick({ cronJob: 'report' }), tick({ namespace: 'other' }), kill())
  t.strictSame(Object.fromEntries(tally.cronJobs.get('shop/backup') ?? []), {
    'verdict on_time': 2,
    'verdict lost': 1,
    'lost deadline': 1,
    'killed cluster': 1,
    'cluster NodeLost': 1,
  })
  t.equal(tally.namespaces.get('shop')?.get('verdict on_time'), 3)
  t.equal(tally.namespaces.get('other')?.get('verdict on_time'), 1)
})

test('the sums of a namespace do not fall when a CronJob goes, and go with the last one', async (t) => {
  const tally = tallied(tick(), tick({ cronJob: 'report' }))
  tally.keep(new Set([cronJobKey('shop', 'report')]), new Set(['shop']))
  t.strictSame([...tally.cronJobs.keys()], ['shop/report'])
  t.equal(tally.namespaces.get('shop')?.get('verdict on_time'), 2)
  t.equal(tally.delays.get('shop')?.value().count, 2)
  tally.keep(new Set(), new Set())
  t.equal(tally.cronJobs.size + tally.namespaces.size + tally.delays.size, 0)
  t.equal(tally.stages.get('created')?.value().count, 2, 'stages are of no namespace')
})

test('start delays have a bound at the objective, whatever it is', async (t) => {
  t.strictSame(boundsOf(1200), [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200])
  t.strictSame(boundsOf(90), [1, 2, 5, 10, 20, 30, 60, 90, 120, 300, 600, 1200, 1800, 3600, 7200])
  t.equal(boundsOf(86_400).at(-1), 86_400)
})

test('a delay of exactly the objective is within it', async (t) => {
  const tally = tallied(tick({ startedAt: 2200 }), tick({ verdict: 'late', startedAt: 2201 }))
  const { buckets, sum, count } = tally.delays.get('shop')?.value() ?? { buckets: [], sum: 0, count: 0 }
  t.strictSame(new Map(buckets).get(1200), 1)
  t.strictSame(new Map(buckets).get(1800), 2)
  t.equal(sum, 2401)
  t.equal(count, 2)
})

test('runs that were held, or never started, have no start delay, and each stage that is known counts', async (t) => {
  const tally = tallied(lost, tick({ verdict: 'held', heldSeconds: 3000, startedAt: 4000 }), tick())
  t.equal(tally.delays.get('shop')?.value().count, 1)
  const sums = [...tally.stages].map(([stage, one]) => [stage, one.value().sum, one.value().count])
  t.strictSame(sums, [
    ['created', 4, 2],
    ['scheduled', 6, 2],
    ['pulled', 14, 2],
    ['started', 2991, 2],
  ])
})

test('where no event told of the image, its pull is within the last stage', async (t) => {
  const { stages } = tallied(tick({ pulledAt: undefined }))
  t.equal(stages.get('pulled')?.value().count, 0)
  t.equal(stages.get('started')?.value().sum, 10)
})

test('what comes out below zero counts as zero, and is counted', async (t) => {
  const tally = tallied(tick({ createdAt: 999, scheduledAt: 1003, pulledAt: undefined, startedAt: 998 }))
  t.equal(tally.clampedDelays, 3, 'the delay, created and started')
  t.equal(tally.delays.get('shop')?.value().sum, 0)
  t.strictSame(
    [...tally.stages.values()].map((one) => one.value().sum),
    [0, 4, 0, 0],
  )
})

test('a tally goes on from what was saved, which later counts do not change', async (t) => {
  const before = tallied(tick(), lost, kill(), tick({ createdAt: 999 }))
  const saved = before.save()
  before.count(tick())
  const after = new Tally(1200, throughJson(saved))
  t.strictSame(after.save(), saved)
  t.equal(after.cronJobs.get('shop/backup')?.get('verdict on_time'), 2)
  t.equal(after.clampedDelays, 1)
  after.count(tick())
  t.strictSame(after.save(), before.save())
})

test('with a bound at another objective the delays begin anew, and the counts go on', async (t) => {
  const after = new Tally(90, throughJson(tallied(tick(), tick()).save()))
  t.equal(after.delays.get('shop')?.value().count, 0)
  t.equal(after.stages.get('created')?.value().count, 2)
  t.equal(after.namespaces.get('shop')?.get('verdict on_time'), 2)
})
