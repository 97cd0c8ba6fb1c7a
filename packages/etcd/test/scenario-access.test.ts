// SPDX-License-Identifier: Apache-2.0
import { writeFile } from 'node:fs/promises'
import tap, { test } from 'tap'
import type { Exporter } from '../../../test/servers/exporter.ts'
import { tlsOf } from './rpc-open.ts'
import { logins } from './servers/admin.ts'
import { startCluster } from './servers/cluster.ts'
import { startExporter, startUnsounded } from './servers/exporter.ts'
import { failedSoundings } from './servers/soundings.ts'

tap.jobs = 3

type Config = Readonly<Record<string, unknown>>

/** Waits until three puts have failed in a way, and gives the ways in which soundings have. */
async function failedAs(exporter: Exporter): Promise<ReadonlySet<string>> {
  const page = await exporter.shows('three failed puts', 10, (now) =>
    failedSoundings(now).some(({ op, count }) => op === 'put' && count >= 3),
  )
  return new Set(failedSoundings(page).map(({ failure }) => failure))
}

/** Its warnings about soundings of one kind. */
function warnings(exporter: Exporter, op: string): string[] {
  return exporter
    .output()
    .split('\n')
    .filter((line) => line.includes('level=WARN') && line.includes(`op=${op} `))
}

for (const version of ['etcd_3_4', 'etcd_3_7'] as const) {
  test(`check 18: without the right user, soundings are refused as auth and never unreachable (${version})`, {
    buffered: true,
  }, async (t) => {
    const cluster = await startCluster(t, { version, auth: { prefix: '/sound/' } })
    const [member] = cluster?.members ?? []
    if (!cluster || !member) return
    const cases: readonly (readonly [Config, RegExp])[] = [
      [{ ...logins.sounder, password: 'not-the-secret' }, /authentication failed.*; check username and password/],
      [{}, /user name is empty; authentication is on: set username and password/],
    ]
    for (const [config, says] of cases) {
      const exporter = await startUnsounded(t, [member.clientUrl], { canary_prefix: '/sound/', ...config })
      t.strictSame(await failedAs(exporter), new Set(['auth']))
      const [line = '', ...more] = warnings(exporter, 'put')
      t.match(line, says)
      t.equal(more.length, 0, 'is told once')
      t.notMatch(exporter.output(), /not-the-secret|sounder-secret/)
      t.equal(exporter.output().includes('level=ERROR'), false)
      await exporter.stop()
    }
    const allowed = await startExporter(t, cluster, { canary_prefix: '/sound/', ...logins.sounder })
    const page = await allowed.page()
    t.equal(page.value('etcd_endpoint_up', { member: 'm1' }), 1)
    t.strictSame(failedSoundings(page), [])
    t.notMatch(page.text, /sounder-secret/)
  })
}

test('check 18: TLS trouble is told as tls and never unreachable, and goes when it is mended (etcd_3_7)', {
  buffered: true,
}, async (t) => {
  const cluster = await startCluster(t, { tls: {} })
  const [member] = cluster?.members ?? []
  if (!cluster?.certificates || !member) return
  const { server, expired, stranger } = cluster.certificates
  const right = tlsOf(cluster.certificates)
  const refused = async (tls_config: Config, says: RegExp): Promise<Exporter> => {
    const exporter = await startUnsounded(t, [member.clientUrl], { tls_config })
    t.strictSame(await failedAs(exporter), new Set(['tls']))
    const [line = '', ...more] = warnings(exporter, 'put')
    t.match(line, says)
    t.equal(more.length, 0, 'is told once')
    return exporter
  }
  const wrong = await refused(
    { ...right, ca_file: stranger.certificateFile },
    /not trusted; put that authority into ca_f/,
  )
  await wrong.stop()

  // etcd reads its certificate again for each handshake.
  await writeFile(server.certificateFile, expired.certificate)
  await writeFile(server.keyFile, expired.key)
  const exporter = await refused(right, /the certificate of the member has expired; renew it/)
  t.equal((await exporter.page()).value('etcd_endpoint_certificate_expiry_timestamp_seconds'), expired.notAfter)
  await writeFile(server.certificateFile, server.certificate)
  await writeFile(server.keyFile, server.key)
  await exporter.shows('the renewed certificate', 5, (page) => page.value('etcd_endpoint_up') === 1)
})
