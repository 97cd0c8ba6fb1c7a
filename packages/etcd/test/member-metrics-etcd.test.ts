// SPDX-License-Identifier: Apache-2.0
import { RecordingLogger, silent, systemClock } from '@leadline/kit'
import { type Test, test } from 'tap'
import { until } from '../../../test/servers/until.ts'
import { gaugeFamilies } from '../src/member-metrics/families.ts'
import { MemberMetrics, type MemberMetricsOptions } from '../src/member-metrics/member-metrics.ts'
import { numberOf } from '../src/member-metrics/numbers.ts'
import { clientMetricsUrl, pageUrl } from '../src/member-metrics/page-url.ts'
import type { MemberMetricsView } from '../src/member-metrics/view.ts'
import { startCluster } from './servers/cluster.ts'
import type { Member } from './servers/member.ts'
import { fsyncCount } from './servers/own-metrics.ts'

const periodSeconds = 0.5

/** Reads the metrics of a member until the test ends. */
function watch(t: Test, member: Member, options: Partial<MemberMetricsOptions> = {}): MemberMetrics {
  const metrics = new MemberMetrics({
    endpoint: member.clientUrl,
    page: pageUrl(clientMetricsUrl, member.clientUrl) as URL,
    tls: { tlsOptions: () => ({}) },
    clock: systemClock,
    log: silent,
    periodSeconds,
    ...options,
  })
  t.teardown(() => metrics.stop())
  metrics.start(new AbortController().signal)
  return metrics
}

/** The first view that is as wanted. */
function viewThat(
  metrics: MemberMetrics,
  what: string,
  isSo: (view: MemberMetricsView) => boolean,
): Promise<MemberMetricsView> {
  return until(what, async () => {
    const view = metrics.view()
    return view !== undefined && isSo(view) ? view : undefined
  })
}

for (const version of ['etcd_3_4', 'etcd_3_5', 'etcd_3_7'] as const) {
  test(`${version}: fsyncs and commits of the window are those that puts made`, async (t) => {
    const cluster = await startCluster(t, { version, flags: ['--quota-backend-bytes=33554432'] })
    const [member] = cluster?.members ?? []
    if (member === undefined) return
    const earliest = await fsyncCount(member)
    const metrics = watch(t, member)
    await viewThat(metrics, 'the first page', () => true)
    const before = await fsyncCount(member)
    for (let i = 0; i < 20; i++) await member.client.put('key').value('value')
    const made = (await fsyncCount(member)) - before
    const view = await viewThat(metrics, 'all fsyncs', ({ walFsync }) => (walFsync?.count ?? 0) >= made)
    const { count = 0, mean = 0, p99 = 0, seconds = 0 } = view.walFsync ?? {}
    // etcd may write of itself meanwhile.
    t.ok(count >= 20 && count <= (await fsyncCount(member)) - earliest, `${count} fsyncs`)
    t.ok(mean > 0 && mean < 1, `mean ${mean} s`)
    t.ok(p99 > 0 && p99 <= 8.192, `99th percentile ${p99} s`)
    t.ok(seconds > 0 && seconds < 60, `window ${seconds} s`)
    t.ok(view.isCurrent && view.ago < 2 * periodSeconds)
    t.same([view.quotaBytes, view.isDefragmenting], [33554432, false])
    t.ok(Math.abs(startedAt(metrics) - systemClock.unix()) < 60)
    t.ok((await viewThat(metrics, 'a commit', (one) => (one.backendCommit?.count ?? 0) > 0)).backendCommit?.mean)
    await viewThat(metrics, 'reads without an fsync', (one) => (one.walFsyncStillSeconds ?? 0) > periodSeconds * 1.5)
  })
}

/** Unix time at which the member of the page of now started. */
function startedAt(metrics: MemberMetrics): number {
  const page = metrics.state().page ?? new Map()
  return numberOf(page, gaugeFamilies.startedAt) ?? 0
}

test('a restart of the member begins the window anew and has its command line read again', async (t) => {
  const flags = ['--heartbeat-interval=200', '--election-timeout', '2000']
  const cluster = await startCluster(t, { flags })
  const [member] = cluster?.members ?? []
  if (member === undefined) return
  const log = new RecordingLogger('debug', systemClock.unix)
  const metrics = watch(t, member, { log })
  const expected = { heartbeatSeconds: 0.2, electionSeconds: 2, quotaBytes: undefined }
  t.same(await until('the command line', async () => metrics.commandLine()), expected)
  for (let i = 0; i < 30; i++) await member.client.put('key').value('value')
  const before = await viewThat(metrics, 'the puts', ({ walFsync }) => (walFsync?.count ?? 0) >= 30)
  const firstStart = startedAt(metrics)

  await member.kill()
  await until('a failed read', async () => (metrics.state().isUp === false ? true : undefined))
  await until('the page to be old', async () => (metrics.state().page === undefined ? true : undefined))
  t.equal(metrics.view()?.isCurrent, false)
  t.equal(metrics.view()?.walFsync?.count, before.walFsync?.count)
  const lastSuccessAt = metrics.state().lastSuccessAt ?? 0
  t.ok(lastSuccessAt > systemClock.unix() - 20)

  await member.restart()
  const after = await viewThat(metrics, 'the new run', ({ isCurrent, walFsync }) => isCurrent && walFsync !== undefined)
  t.ok(startedAt(metrics) > firstStart)
  t.ok((after.walFsync?.count ?? 99) < 20, 'only what the new run has written')
  t.ok((metrics.state().lastSuccessAt ?? 0) > lastSuccessAt)
  t.same(await until('the command line', async () => metrics.commandLine()), expected)
  t.same(
    log.records.filter(({ level }) => level !== 'debug').map(({ level, message }) => [level, message]),
    [
      ['warn', "The member's metrics page can't be read"],
      ['info', "The member's metrics page can be read again"],
    ],
    'logged once each, however many reads failed',
  )
})

test('the page can be at an address of its own', async (t) => {
  const cluster = await startCluster(t)
  const [member] = cluster?.members ?? []
  if (member === undefined) return
  const template = `http://{host}:${new URL(member.metricsUrl).port}/metrics`
  const metrics = watch(t, member, { page: pageUrl(template, member.clientUrl) as URL })
  await viewThat(metrics, 'the page', () => true)
  t.same(await until('the command line', async () => metrics.commandLine()), {
    heartbeatSeconds: undefined,
    electionSeconds: undefined,
    quotaBytes: undefined,
  })
})

test('a wrong address is told with the way to mend it', async (t) => {
  const cluster = await startCluster(t)
  const [member] = cluster?.members ?? []
  if (member === undefined) return
  const log = new RecordingLogger('warn', systemClock.unix)
  const metrics = watch(t, member, { page: new URL('/metric', member.clientUrl), log })
  await until('a failed read', async () => (metrics.state().isUp === false ? true : undefined))
  t.same(metrics.state(), { isUp: false, lastSuccessAt: undefined, page: undefined, view: undefined })
  t.equal(
    log.records[0]?.fields?.['err'],
    `GET ${member.clientUrl}/metric: status 404; with --listen-metrics-urls or --listen-client-http-urls etcd has its metrics elsewhere: configure that address`,
  )
})

test('a page behind TLS with client certificates is read with them, and not without', async (t) => {
  const cluster = await startCluster(t, { tls: {} })
  const [member] = cluster?.members ?? []
  if (member === undefined || cluster?.certificates === undefined) return
  const { authority, client } = cluster.certificates
  const ca = authority.certificate
  const metrics = watch(t, member, {
    tls: { tlsOptions: () => ({ ca, cert: client.certificate, key: client.key }) },
  })
  await viewThat(metrics, 'the page', () => true)
  t.equal(metrics.state().isUp, true)

  const log = new RecordingLogger('warn', systemClock.unix)
  const strangers = [{ ca }, { cert: client.certificate, key: client.key }].map((options) =>
    watch(t, member, { tls: { tlsOptions: () => options }, log }),
  )
  for (const stranger of strangers) {
    await until('a failed read', async () => (stranger.state().isUp === false ? true : undefined))
  }
  const errors = log.records.map(({ fields }) => String(fields?.['err'])).toSorted()
  t.match(errors[0], 'an authority that is not trusted; put that authority into ca_file')
  t.match(errors[1], 'the member wants a client certificate of an authority that it trusts; set cert_file and key_file')
})
