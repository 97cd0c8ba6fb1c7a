// SPDX-License-Identifier: Apache-2.0
import { setInterval, setTimeout } from 'node:timers/promises'
import tap, { test } from 'tap'
import type { Exporter } from '../../../test/servers/exporter.ts'
import { decimalId } from './servers/admin.ts'
import { type Cluster, startCluster } from './servers/cluster.ts'
import { startExporter } from './servers/exporter.ts'
import { soundingCount } from './servers/soundings.ts'

const quotaBytes = 16_777_216

/** What is written each tenth of a second, so that the quota lasts for about 40 s. */
const valueBytes = 38_000

/** A forecast is near when it is off by no more than this part of the truth, or by no more than these seconds. */
const nearShare = 0.3
const nearSeconds = 1

/** The forecast aims a hundredth of so small a quota short of it, where etcd refuses a put that is one value short. */
const earlySeconds = (quotaBytes / 100 - valueBytes) / (valueBytes * 10)

interface Refusal {
  /** Monotonic milliseconds. */
  readonly at: number
  readonly text: string
}

/** Writes at a steady pace until a put is refused. */
async function fillSteadily({ members: [member] }: Cluster): Promise<Refusal> {
  for await (const _ of setInterval(100)) {
    try {
      await member?.client.put('fill').value(Buffer.alloc(valueBytes))
    } catch (error) {
      return { at: performance.now(), text: String(error) }
    }
  }
  throw new Error('the interval has ended')
}

/** Each second, the seconds that are said to be left, from half full on and until a put is refused. */
async function watchForecasts(exporter: Exporter, filled: Promise<Refusal>) {
  const forecasts: { readonly at: number; readonly seconds: number | undefined }[] = []
  for (;;) {
    const refusal = await Promise.race([filled, setTimeout(1000, undefined)])
    if (refusal) return { refusal, forecasts }
    const at = performance.now()
    const page = await exporter.page()
    const seconds = page.value('etcd_endpoint_quota_seconds_left', { member: 'm1' })
    if ((page.value('etcd_endpoint_quota_used_ratio', { member: 'm1' }) ?? 0) >= 0.5) forecasts.push({ at, seconds })
  }
}

// The members wait most of the time, so that the versions can be filled side by side.
tap.jobs = 3

for (const version of ['etcd_3_4', 'etcd_3_5', 'etcd_3_7'] as const) {
  test(`check 13: a quota that is used up is foreseen, told, and forgotten when it is mended (${version})`, {
    buffered: true,
  }, async (t) => {
    const cluster = await startCluster(t, { version, flags: [`--quota-backend-bytes=${quotaBytes}`] })
    const [member] = cluster?.members ?? []
    if (!cluster || !member) return
    // Before the exporter, so that all of its short history is of the fill.
    const filled = fillSteadily(cluster)
    const exporter = await startExporter(t, cluster)
    const alarm = { member: 'm1', alarm: 'nospace' }
    const { refusal, forecasts } = await watchForecasts(exporter, filled)
    t.match(refusal.text, /database space exceeded/)
    const left = 2 - (performance.now() - refusal.at) / 1000
    await exporter.shows('the alarm', left, (page) => page.value('etcd_endpoint_alarm', alarm) === 1)
    t.ok(forecasts.length > 10, `${forecasts.length} forecasts`)
    for (const [i, { at, seconds }] of forecasts.entries()) {
      const truth = Math.max(0, (refusal.at - at) / 1000 - earlySeconds)
      const isNear = seconds !== undefined && Math.abs(seconds - truth) <= Math.max(nearSeconds, nearShare * truth)
      const hasFallen = i === 0 || (seconds ?? 0) < (forecasts[i - 1]?.seconds ?? 0)
      t.ok(isNear && hasFallen, `${seconds} s left ${truth.toFixed(1)} s before the aim`)
    }

    const refused = await exporter.shows('refused puts', 3, (page) => soundingCount(page, 'm1', 'put', 'nospace') > 1)
    for (const result of ['unreachable', 'deadline', 'other'] as const) {
      t.equal(soundingCount(refused, 'm1', 'put', result), 0)
    }
    t.equal(refused.value('etcd_endpoint_up', { member: 'm1' }), 1)

    const { client } = member
    const { header } = await client.get('fill').exec()
    await client.kv.compact({ revision: header.revision, physical: true })
    await client.maintenance.defragment()
    await client.maintenance.alarm({ action: 'Deactivate', memberID: decimalId(member.id), alarm: 'Nospace' })
    const puts = soundingCount(await exporter.page(), 'm1', 'put', 'success')
    await exporter.shows(
      'room again',
      4,
      (page) =>
        page.value('etcd_endpoint_alarm', alarm) === 0 &&
        (page.value('etcd_endpoint_quota_used_ratio', { member: 'm1' }) ?? 1) < 0.1 &&
        page.value('etcd_endpoint_quota_seconds_left', { member: 'm1' }) === Number.POSITIVE_INFINITY &&
        soundingCount(page, 'm1', 'put', 'success') > puts,
    )
  })
}
