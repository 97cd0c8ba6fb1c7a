// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises'
import { test } from 'tap'
import type { JudgedCronJob } from '../src/judge/judge.ts'
import { answerWords } from '../src/runs-page/answer.ts'
import { standings } from '../src/runs-page/listing.ts'
import { ask, askJson, backup, renamed, viewOf } from './runs-rig.ts'
import { World } from './world.ts'

/** A world with one CronJob, which ran at 11:00, and that CronJob. */
function oneRan(): { readonly world: World; readonly cronJob: JudgedCronJob } {
  const world = new World()
  world.addCronJob('0 * * * *', { timeZone: 'Europe/Berlin' })
  world.runUntil('11:30')
  const [cronJob] = world.judge.known().values()
  if (cronJob === undefined) throw new Error('no CronJob is known')
  return { world, cronJob }
}

test('the list has the worst first, with its verdict, its wait and its next run', async (t) => {
  const { world, cronJob: good } = oneRan()
  const late = new World()
  late.addCronJob('0 * * * *')
  late.plan = () => ({ startsAfter: undefined, runsFor: 0, waiting: 'ErrImagePull' })
  late.runUntil('11:30')
  const lost = new World()
  lost.addCronJob('0 * * * *', { deadline: 60 })
  lost.isControllerUp = false
  lost.runUntil('11:30')
  const off = new World()
  off.addCronJob('0 * * * *', { suspended: true })
  off.runUntil('11:30')
  const [waiting] = late.judge.known().values()
  const [gone] = lost.judge.known().values()
  const [suspended] = off.judge.known().values()
  if (!waiting || !gone || !suspended) throw new Error('no CronJob is known')
  const cronJobs = [
    renamed(suspended, 'a', 'suspended'),
    renamed(good, 'a', 'good'),
    renamed(gone, 'b', 'lost'),
    renamed(waiting, 'c', 'waiting'),
  ]
  const view = viewOf(world, { cronJobs: () => cronJobs })
  const { text } = await ask(view, '/runs')
  t.match(
    text,
    '<h1 class="bad">No: 2 of 4 CronJobs need a look: 1 waiting longer than the objective, 1 whose last run was lost.</h1>',
  )
  const json = await askJson(view, '/runs')
  t.strictSame(
    (json['cronJobs'] as { cronJob: string; standing: string }[]).map((one) => [one.cronJob, one.standing]),
    [
      ['waiting', 'overdue'],
      ['lost', 'lost'],
      ['good', 'good'],
      ['suspended', 'suspended'],
    ],
  )
  t.strictSame(json['standings'], { suspended: 1, good: 1, lost: 1, overdue: 1 })
  const row = text.split('<tr>').find((one) => one.includes('>waiting</a>')) ?? ''
  t.strictSame(
    [...row.matchAll(/<span[^>]*>(?:<[^>]+>)?([^<]*)/g)].map(([, shown]) => shown),
    ['c', 'waiting', '11:00', 'not started', '30 min', '12:00', '0 * * * *'],
  )
  t.match(row, '<small>its image can&#39;t be pulled</small>')
  t.match(row, 'href="/prefix/runs?namespace=c&amp;cronjob=waiting"')
})

test('the list is searched by namespace and by a part of a name', async (t) => {
  const { world, cronJob } = oneRan()
  const names = [
    ['prod', 'nightly-report'],
    ['prod', 'cleanup'],
    ['prod-eu', 'nightly-report'],
    ['test', 'report'],
  ] as const
  const cronJobs = names.map(([namespace, name]) => renamed(cronJob, namespace, name))
  const view = viewOf(world, { cronJobs: () => cronJobs })
  const found = async (query: string): Promise<string[]> => {
    const json = await askJson(view, `/runs?${query}`)
    return (json['cronJobs'] as { namespace: string; cronJob: string }[]).map(
      (one) => `${one.namespace}/${one.cronJob}`,
    )
  }
  t.strictSame(await found('namespace=prod'), ['prod/cleanup', 'prod/nightly-report'])
  t.strictSame(await found('namespace=pro'), ['prod/cleanup', 'prod/nightly-report', 'prod-eu/nightly-report'])
  t.strictSame(await found('namespace=&cronjob=report'), [
    'prod/nightly-report',
    'prod-eu/nightly-report',
    'test/report',
  ])
  t.strictSame(await found('cronjob=none'), [])
  t.match((await ask(view, '/runs?cronjob=none')).text, 'There is no such CronJob.')
  t.equal(
    (await askJson(view, '/runs?namespace=test'))['answer'],
    'Yes: the one CronJob is not overdue, and its last run was not lost, late, failed or ended.',
  )
})

test('500 are shown, and how many are left off is said', async (t) => {
  const { world, cronJob } = oneRan()
  const cronJobs = Array.from({ length: 10_000 }, (_, i) => renamed(cronJob, `n${i % 7}`, `c${i}`))
  const view = viewOf(world, { cronJobs: () => cronJobs })
  let turns = 0
  const timer = setInterval(() => turns++, 0)
  t.teardown(() => clearInterval(timer))
  const { text } = await ask(view, '/runs')
  t.ok(turns >= 5, `${turns} turns`)
  t.equal(text.split('<tr>').length - 2, 500)
  t.match(text, '9500 more are left off')
  t.ok(text.length < 500_000, `${text.length} characters`)
  const { matching, leftOff } = await askJson(view, '/runs')
  t.strictSame([matching, leftOff], [10_000, 9500])
  const search = '/runs?namespace=n1&cronjob='
  for (const name of ['c1x', 'x'.repeat(253), 'x'.repeat(10_000)]) t.equal((await ask(view, search + name)).status, 404)
})

test('a run shows when each of its steps was, by both clocks and after its time', async (t) => {
  const { world } = oneRan()
  const { text } = await ask(viewOf(world), backup)
  const [, , row = ''] = text.split('<tr>')
  const [job] = world.jobs.values()
  t.strictSame(
    [...row.matchAll(/data-label="(\w+)"[^>]*><span[^>]*>([^<]*)<\/span>(?:<small>([^<]*))?/g)].map(
      ([, ...cell]) => cell,
    ),
    [
      ['Due', '13:00', '11:00 UTC'],
      ['Verdict', 'on time, completed', undefined],
      ['Delay', '2 s', 'of 20 min'],
      ['Created', '13:00:00', '+0 s'],
      ['Scheduled', '13:00:01', '+1 s'],
      ['Started', '13:00:02', '+2 s'],
      ['Ended', '13:00:13', '+13 s'],
      ['Job', job?.name, undefined],
    ],
  )
  const [run] = (await askJson(viewOf(world), backup))['runs'] as object[]
  t.strictSame(run, {
    due: { time: '2026-09-01T11:00:00Z', unixSeconds: 1788260400 },
    job: job?.name,
    created: { time: '2026-09-01T11:00:00Z', unixSeconds: 1788260400 },
    scheduled: { time: '2026-09-01T11:00:01Z', unixSeconds: 1788260401 },
    started: { time: '2026-09-01T11:00:02Z', unixSeconds: 1788260402 },
    ended: { time: '2026-09-01T11:00:13Z', unixSeconds: 1788260413 },
    delaySeconds: 2,
    verdict: 'on_time',
    reason: null,
    result: 'complete',
    killedBy: null,
    killReason: null,
  })
})

test('a run that nobody saw is not called lost', async (t) => {
  const world = new World()
  world.addCronJob('0 * * * *', { ttl: 10 })
  world.runUntil('10:50')
  world.isWatched = false
  world.runUntil('11:30')
  world.relist()
  world.runUntil('11:31')
  const { did, answer } = await askJson(viewOf(world), backup)
  t.strictSame(
    [did, answer],
    ['unknown', 'Not known: the run of 11:00 UTC may have come and gone while nobody was watching.'],
  )
})

test('what is shown may be old, and says so', async (t) => {
  const { world } = oneRan()
  const view = viewOf(world, { blindness: () => 'no watch of pods for <3> min' })
  for (const url of ['/runs', backup, '/runs?namespace=a&cronjob=b']) {
    t.match(
      (await ask(view, url)).text,
      '<p class="warn">What is shown may be old: no watch of pods for &lt;3&gt; min</p>',
    )
  }
  t.equal((await askJson(view, backup))['blindness'], 'no watch of pods for <3> min')
  t.equal((await askJson(viewOf(world), '/runs'))['blindness'], null)
})

test('an unknown CronJob is answered with the nearest one', async (t) => {
  const { world, cronJob } = oneRan()
  const cronJobs = [renamed(cronJob, 'prod', 'nightly-report'), renamed(cronJob, 'team-x', 'other')]
  const view = viewOf(world, { cronJobs: () => cronJobs })
  const nearestTo = async (namespace: string, name: string): Promise<unknown> =>
    (await askJson(view, `/runs?namespace=${namespace}&cronjob=${name}`))['nearest']
  const report = { namespace: 'prod', cronJob: 'nightly-report' }
  t.strictSame(await nearestTo('prod', 'nightly-reprot'), report)
  t.strictSame(await nearestTo('prdo', 'nightly-report'), report)
  t.strictSame(await nearestTo('elsewhere', 'nightly-report'), report)
  t.strictSame(await nearestTo('prdo', 'nightly-reprot'), report)
  t.equal(await nearestTo('prod', 'something-else-entirely'), null)
  t.equal(await nearestTo('elsewhere', 'something-else-entirely'), null)
  const { status, text } = await ask(view, '/runs?namespace=prod&cronjob=nightly-reprot')
  t.equal(status, 404)
  t.match(text, '<h1 class="bad">There is no CronJob nightly-reprot in namespace prod.</h1>')
  t.match(text, '<a href="/prefix/runs?namespace=prod&amp;cronjob=nightly-report">nightly-report in prod</a>')
})

test('nothing that comes from outside is taken for markup, or for a shell', async (t) => {
  const { world, cronJob } = oneRan()
  const evil = `"><script>alert('x')</script>&`
  const hostile = renamed(cronJob, evil, evil)
  const facts = { ...hostile.facts, schedule: evil, timeZone: evil }
  const runs = hostile.runs().map((run) => ({ ...run, job: evil, kill: { by: 'cluster', reason: evil } as const }))
  const view = viewOf(world, { cronJobs: () => [{ ...hostile, facts, runs: () => runs }] })
  const query = new URLSearchParams({ namespace: evil, cronjob: evil }).toString()
  for (const url of ['/runs', `/runs?${query}`, `/runs?${query}x`, `/runs?cronjob=${encodeURIComponent(evil)}`]) {
    const { text, headers } = await ask(view, url)
    t.notMatch(text, /<script|alert\('x'\)/)
    t.match(text, '&quot;&gt;&lt;script&gt;')
    t.equal(
      headers['content-security-policy'],
      "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'",
    )
    t.equal(headers['x-content-type-options'], 'nosniff')
  }
  const { commands } = await askJson(view, `/runs?${query}`)
  const quoted = String.raw`'"><script>alert('\''x'\'')</script>&'`
  t.equal((commands as string[])[0], `kubectl -n ${quoted} describe job ${quoted}`)
})

test('JSON comes when it is asked for, and pages to browsers', async (t) => {
  const { world } = oneRan()
  const view = viewOf(world)
  const typeFor = async (url: string, accept: string): Promise<unknown> =>
    (await ask(view, url, { accept })).headers['content-type']
  const json = 'application/json; charset=utf-8'
  const page = 'text/html; charset=utf-8'
  for (const url of ['/runs', backup]) {
    t.equal(await typeFor(url, 'application/json'), json)
    t.equal(await typeFor(url, 'text/html,application/xhtml+xml,application/json;q=0.9'), page)
    t.equal(await typeFor(url, '*/*'), page)
    const more = url.includes('?') ? '&' : '?'
    t.equal(await typeFor(`${url}${more}format=json`, 'text/html'), json)
    t.equal(await typeFor(`${url}${more}format=html`, 'application/json'), page)
    t.equal((await ask(view, `${url}${more}format=xml`)).status, 400)
  }
  t.equal((await ask(view, '/runs')).headers['vary'], 'Accept')
  t.equal((await ask(view, '/runs?namespace=default&namespace=x&cronjob=backup')).status, 200)
})

test('the fields of the JSON are those that RUNS.md tells, and so are the words', async (t) => {
  const { world } = oneRan()
  const view = viewOf(world)
  const answers = await Promise.all(['/runs', backup, '/runs?namespace=a&cronjob=b'].map((url) => askJson(view, url)))
  const document = await readFile(new URL('../RUNS.md', import.meta.url), 'utf8')
  const told = [...document.matchAll(/^\| (`.*?) \|/gm)].flatMap(([, cell = '']) =>
    cell.replaceAll('`', '').split(', '),
  )
  const sent = new Set(answers.flatMap(keysOf).filter((key) => key !== 'time' && key !== 'unixSeconds'))
  t.strictSame([...sent].toSorted(), [...new Set(told)].toSorted())
  for (const word of [...answerWords, ...standings]) t.match(document, `\`${word}\``)
})

function keysOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(keysOf)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => [key, ...(key === 'standings' ? [] : keysOf(inner))])
}
