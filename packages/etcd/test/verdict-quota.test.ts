// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { test } from 'tap'
import { createQuotaForecast } from '../src/verdicts/quota-forecast.ts'
import { quotaAimBytes, quotaBytes } from '../src/verdicts/quota-limit.ts'
import { robustSlope } from '../src/verdicts/robust-slope.ts'
import { cluster, type MemberParts, member } from './verdict-views.ts'

const mebibyte = 1024 * 1024

interface Fill {
  readonly quotaBytes: number
  readonly fullSeconds: number
  readonly rows: readonly (readonly [seconds: number, sizeBytes: number, inUseBytes: number])[]
}

/** The forecast at each look. */
function forecasts({ quotaBytes: quota, rows }: Omit<Fill, 'fullSeconds'>) {
  const forecast = createQuotaForecast()
  return rows.map(([now, dbSizeBytes, dbSizeInUseBytes]) => {
    const status = { dbSizeBytes, dbSizeInUseBytes, quotaBytes: quota }
    forecast.add(now, cluster([{ label: 'a1', ago: 0, status }]))
    const left = forecast.secondsLeft('a1', now)
    return { now, used: dbSizeBytes / quota, seconds: left && Math.min(left.bySize, left.byInUse) }
  })
}

/** Whether a forecast is within 30 % of the truth, or where that is less, within some seconds. */
const isNear = (seconds: number | undefined, truth: number, slackSeconds = 3): boolean =>
  seconds !== undefined && Math.abs(seconds - truth) <= Math.max(0.3 * truth, slackSeconds)

test('a steady fill of a real etcd is forecast within 30 % from half full on', async (t) => {
  const file = join(import.meta.dirname, 'fixtures', 'quota-fill-etcd-3.7.json')
  const fill = JSON.parse(await readFile(file, 'utf8')) as Fill
  const late = forecasts(fill).filter(({ used }) => used >= 0.5)
  t.ok(late.length > 35)
  for (const { now, seconds } of late) {
    t.ok(isNear(seconds, fill.fullSeconds - now), `${seconds} s left at ${now} s of ${fill.fullSeconds} s`)
  }
})

test('a fill that begins long after the exporter is forecast as well', async (t) => {
  const [begin, seconds] = [600, 60]
  const late = looks(begin + seconds - 3, 16, (now) => 1 + (Math.max(0, now - begin) / seconds) * 15).filter(
    ({ used }) => used >= 0.5,
  )
  t.ok(late.length > 20)
  for (const { now, seconds: left } of late) t.ok(isNear(left, begin + seconds - now), `${left} s left at ${now} s`)
})

test('any steady fill of minutes to days is forecast within 30 % from half full on', async (t) => {
  const fill = fc.record({
    quota: fc.integer({ min: 64, max: 8192 }),
    fullSeconds: fc.oneof(fc.integer({ min: 60, max: 900 }), fc.integer({ min: 900, max: 200_000 })),
    free: fc.double({ min: 0, max: 0.02, noNaN: true }),
  })
  const property = fc.property(fill, ({ quota, fullSeconds, free }) => {
    const bytes = quota * mebibyte
    const step = Math.max(1, Math.floor(fullSeconds / 500))
    const rows = Array.from({ length: Math.floor(fullSeconds / step) }, (_, i) => {
      // Pages of 4 KiB, and a commit of every other look that has freed some.
      const size = Math.floor(((i * step) / fullSeconds) * (bytes / 4096)) * 4096
      return [i * step, size, Math.floor(size * (1 - (i % 2) * free * 0.1))] as const
    })
    return (
      forecasts({ quotaBytes: bytes, rows })
        .filter(({ used }) => used >= 0.5)
        // A page more or less is up to a thousandth of the time.
        .every(({ now, seconds }) => {
          const truth = Math.max(0, (quotaAimBytes(bytes) / bytes) * fullSeconds - now)
          return isNear(seconds, truth, Math.max(3, fullSeconds / 1000))
        })
    )
  })
  t.doesNotThrow(() => fc.assert(property, { numRuns: 15 }))
})

/** One look each second, with size and bytes in use as functions of the time, in MiB. */
function looks(seconds: number, quotaMebibytes: number, size: (now: number) => number, inUse = size) {
  const rows = Array.from(
    { length: seconds },
    (_, now) => [now, Math.round(size(now) * mebibyte), Math.round(inUse(now) * mebibyte)] as const,
  )
  return forecasts({ quotaBytes: quotaMebibytes * mebibyte, rows })
}

const infinite = Number.POSITIVE_INFINITY

test('a database that does not grow has for ever', async (t) => {
  const seen = looks(60, 2048, () => 1000)
  t.equal(seen[11]?.seconds, undefined, 'too soon to tell')
  t.equal(seen.at(-1)?.seconds, infinite)
})

test('a burst is not carried forward', async (t) => {
  const seen = looks(300, 2048, (now) => 1000 + Math.min(Math.max(now - 100, 0), 10) * 20)
  t.strictSame(
    seen.filter(({ now, seconds }) => now >= 14 && seconds !== infinite),
    [],
  )
})

test('growth that has ended is forgotten within 40 s', async (t) => {
  const seen = looks(400, 2048, (now) => 500 + Math.min(now, 200) * 5)
  t.ok(isNear(seen[199]?.seconds, (quotaAimBytes(2048 * mebibyte) / mebibyte - 500) / 5 - 199))
  t.equal(seen[241]?.seconds, infinite)
})

test('the sawtooth of a compaction every five minutes fills nothing', async (t) => {
  const seen = looks(
    7200,
    2048,
    () => 1100,
    (now) => 900 + (now % 300) * 0.6,
  )
  t.strictSame(
    seen.filter(({ now, seconds }) => now >= 2400 && seconds !== infinite),
    [],
  )
})

test('free pages are no growth of the file, but the bytes in use tell', async (t) => {
  const seen = looks(
    120,
    256,
    () => 200,
    (now) => 100 + now * 0.5,
  )
  t.ok(isNear(seen.at(-1)?.seconds, (quotaAimBytes(256 * mebibyte) / mebibyte - 159.5) / 0.5))
})

test('a full database has no time left', async (t) => {
  t.equal(looks(30, 16, (now) => Math.min(now, 15.9)).at(-1)?.seconds, 0)
})

test('without a quota, for a stopped member, or for one that has left there is no forecast of now', async (t) => {
  const forecast = createQuotaForecast()
  for (let now = 0; now < 30; now++) forecast.add(now, cluster([{ label: 'a1', ago: 0 }]))
  t.equal(forecast.secondsLeft('a1', 30), undefined)
  const looked = createQuotaForecast()
  for (let now = 0; now < 30; now++) looked.add(now, cluster([{ label: 'a1', ago: 0, status: { quotaBytes: 9e9 } }]))
  t.equal(looked.secondsLeft('a1', 30)?.bySize, infinite)
  looked.add(30, cluster([{ label: 'a2' }]))
  t.equal(looked.secondsLeft('a1', 30), undefined)
})

const limits: readonly {
  name: string
  parts: Omit<MemberParts, 'label'>
  assumed?: number
  bytes: number | undefined
}[] = [
  {
    name: 'Status tells',
    parts: { status: { quotaBytes: 16 }, own: { quotaBytes: 17 }, flagQuotaBytes: 18 },
    assumed: 19,
    bytes: 16,
  },
  { name: 'the metrics page tells', parts: { own: { quotaBytes: 17 }, flagQuotaBytes: 18 }, assumed: 19, bytes: 17 },
  { name: 'the command line tells', parts: { flagQuotaBytes: 18 }, assumed: 19, bytes: 18 },
  { name: 'the config tells', parts: {}, assumed: 19, bytes: 19 },
  { name: 'nobody tells', parts: {}, bytes: undefined },
  { name: 'the quota is off', parts: { status: { quotaBytes: -1 } }, assumed: 19, bytes: undefined },
  { name: '0 tells nothing', parts: { status: { quotaBytes: 0 }, flagQuotaBytes: 0 }, assumed: 19, bytes: 19 },
]

for (const { name, parts, assumed, bytes } of limits) {
  test(`quota: ${name}`, async (t) => {
    t.equal(quotaBytes(member({ label: 'a1', ...parts }), cluster([], { assumedQuotaBytes: assumed })), bytes)
  })
}

test('the slope is that of the line, whatever a quarter of the points is', async (t) => {
  const property = fc.property(
    fc.integer({ min: -1000, max: 1000 }),
    fc.array(fc.integer({ min: -1e6, max: 1e6 }), { minLength: 10, maxLength: 10 }),
    (slope, outliers) => {
      const points = Array.from({ length: 40 }, (_, at) => {
        const outlier = at % 4 === 0 ? outliers[at / 4] : undefined
        return { at, value: outlier ?? 5 + slope * at }
      })
      return robustSlope(points) === slope
    },
  )
  t.doesNotThrow(() => fc.assert(property))
  t.equal(robustSlope([]), undefined)
  t.equal(
    robustSlope([
      { at: 1, value: 1 },
      { at: 1, value: 2 },
    ]),
    undefined,
  )
})
