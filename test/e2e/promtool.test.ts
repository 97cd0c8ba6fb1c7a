// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import { startCluster } from '../../packages/etcd/test/servers/cluster.ts'
import { startExporter } from '../../packages/etcd/test/servers/exporter.ts'
import { startTargets, type Targets } from '../differential/targets/all.ts'
import { needServer } from '../servers/find.ts'
import { makeFolder } from '../servers/folder.ts'
import { startLeadline } from '../servers/leadline.ts'
import { runToEnd } from '../servers/process.ts'

/** What `promtool check metrics` may say of us, and why it stays. */
const exceptions: readonly { readonly line: RegExp; readonly reason: string }[] = [
  {
    line: /^nodejs_active_(handles|requests|resources)_total non-counter metrics should not have "_total" suffix$/,
    reason: 'names that prom-client gives and that every dashboard for Node uses',
  },
]

const modules = `modules:
  http: {prober: http, http: {fail_if_body_json_not_matches_cel: 'body.ok'}}
  https: {prober: http, http: {tls_config: {ca_file: ca.pem}}}
  tcp: {prober: tcp, tcp: {query_response: [{expect: '^(SSH)-', labels: [{name: protocol, value: '\${1}'}]}]}}
  tls: {prober: tcp, tcp: {tls: true, tls_config: {ca_file: ca.pem}}}
  dns: {prober: dns, dns: {query_name: example.test, query_type: SOA}}
`

const probe = (module: string, target: string) => `/probe?module=${module}&target=${encodeURIComponent(target)}`

/** Every page we serve, with good and bad targets. */
function paths(targets: Targets): string[] {
  return [
    '/metrics',
    probe('http', `http://${targets.http}/modified`),
    probe('https', `https://${targets.https}/modified`),
    probe('http', `http://${targets.closed}/`),
    probe('tcp', targets.ssh),
    probe('tls', targets.tls),
    probe('tcp', targets.closed),
    probe('dns', targets.dns),
    probe('dns', targets.dnsServfail),
  ]
}

test('promtool accepts every page we serve', async (t) => {
  const promtool = needServer(t, 'promtool')
  const nsd = promtool && needServer(t, 'nsd')
  if (!nsd) return
  const folder = await makeFolder('promtool')
  t.teardown(() => folder.remove())
  const { targets, certificate, close } = await startTargets(nsd)
  t.teardown(close)
  await folder.write('ca.pem', certificate)
  const configFile = await folder.write('blackbox.yml', modules)
  const ours = await startLeadline({ configFile, cwd: folder.path })
  t.teardown(() => ours.stop())

  const used = new Set<RegExp>()
  for (const path of paths(targets)) {
    t.strictSame(unexpected(await complaintsOf(promtool, ours.url + path), used), [], path)
  }
  const stale = exceptions.filter(({ line }) => !used.has(line)).map(({ reason }) => reason)
  t.strictSame(stale, [], 'every exception is still needed')
})

test('promtool accepts the page of the etcd exporter', async (t) => {
  const promtool = needServer(t, 'promtool')
  const cluster = promtool && (await startCluster(t, { size: 3 }))
  if (!cluster) return
  const exporter = await startExporter(t, cluster)
  await exporter.shows('what the second page of a member tells', 20, (page) =>
    page.text.includes('etcd_endpoint_wal_fsync_recent_p99_seconds'),
  )
  t.strictSame(unexpected(await complaintsOf(promtool, `http://${exporter.readyLine[1]}/metrics`), new Set()), [])
})

/** The complaints that no exception is made for; those that are made use of are added to `used`. */
function unexpected(complaints: readonly string[], used: Set<RegExp>): readonly string[] {
  return complaints.filter((complaint) => {
    const exception = exceptions.find(({ line }) => line.test(complaint))
    if (exception) used.add(exception.line)
    return !exception
  })
}

/** What promtool says of a page, a line each; exit code 3 means complaints, any other but 0 that it cannot be read. */
async function complaintsOf(promtool: string, url: string): Promise<string[]> {
  const reply = await fetch(url, { headers: { accept: 'text/plain;version=0.0.4' } })
  const page = await reply.text()
  const { code, stdout, stderr } = await runToEnd(promtool, ['check', 'metrics'], { input: page })
  const lines = `${stdout}${stderr}`.split('\n').filter((line) => line !== '')
  return code === 0 || code === 3 ? lines : [`exit code ${code} for ${url}`, ...lines]
}
