// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events'
import { createServer as createHttpServer, type IncomingMessage } from 'node:http'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { type Test, test } from 'tap'
import { startTestExporter } from './servers/exporter.ts'

const modules = `
modules:
  tcp: {prober: tcp}
  short: {prober: tcp, timeout: 1s}
  http_2xx: {prober: http}
  post: {prober: http, http: {method: POST, bearer_token: hunter2-secret, headers: {Host: named.example}}}
  tls: {prober: tcp, tcp: {tls: true}}
  named: {prober: tcp, tcp: {tls_config: {server_name: kept.example}}}
  bodyless:
  pinging: {prober: icmp}
`

function header(seconds: string): Readonly<Record<string, string>> {
  return { 'X-Prometheus-Scrape-Timeout-Seconds': seconds }
}

async function listen(t: Test, server: Server): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** A server that takes connections and says nothing. */
function silentServer(t: Test): Promise<string> {
  return listen(
    t,
    createServer((socket) => {
      t.teardown(() => socket.destroy())
    }),
  )
}

/** A web server that keeps what it was asked. */
async function webServer(t: Test): Promise<{ readonly address: string; readonly requests: IncomingMessage[] }> {
  const requests: IncomingMessage[] = []
  const server = createHttpServer((request, response) => {
    requests.push(request)
    response.end('fine')
  })
  return { address: await listen(t, server), requests }
}

test('a probe page has the metrics of every probe', async (t) => {
  const { probe } = await startTestExporter(t, modules)
  const target = await silentServer(t)
  const up = await probe({ module: 'tcp', target })
  t.equal(up['probe_success'], 1)
  t.equal(up['probe_timeout_seconds'], 1.5)
  t.equal(up['probe_ip_protocol'], 4)
  t.ok((up['probe_duration_seconds'] as number) > 0)
  const down = await probe({ module: 'tcp', target: '127.0.0.1:1' })
  t.equal(down['probe_success'], 0)
  t.equal(down['probe_failed_due_to_regex'], undefined)
})

test('requests that can not be run are told why, in the order of the peer', async (t) => {
  const { get } = await startTestExporter(t, modules)
  const badTimeout = { 'X-Prometheus-Scrape-Timeout-Seconds': 'soon' }
  const table: readonly (readonly [
    Readonly<Record<string, string>>,
    number,
    RegExp,
    Readonly<Record<string, string>>?,
  ])[] = [
    [
      { module: 'nope', target: 'x' },
      400,
      /^Unknown module "nope"; modules are bodyless, http_2xx, .*, tls\n$/,
      badTimeout,
    ],
    [{ module: 'tcp' }, 500, /^Failed to parse timeout from Prometheus header: "soon" is not a number/, badTimeout],
    [{ module: 'bodyless' }, 400, /^Target parameter is missing/],
    [{ module: 'bodyless', target: 'x' }, 400, /^Unknown prober ""\n$/],
    [{ module: 'pinging', target: 'x' }, 400, /^Unknown prober "icmp": this prober is not here yet\n$/],
    [{ module: 'post', target: 'x', hostname: 'other.example' }, 400, /named\.example.*other\.example/],
  ]
  for (const [query, status, text, headers = {}] of table) {
    const reply = await get('probe', query, { headers })
    t.equal(reply.status, status, JSON.stringify(query))
    t.match(await reply.text(), text)
    t.equal(reply.headers.get('content-type'), 'text/plain; charset=utf-8')
    t.equal(reply.headers.get('x-content-type-options'), 'nosniff')
  }
})

test('the module is http_2xx when none is named', async (t) => {
  const { probe } = await startTestExporter(t, modules)
  const { address } = await webServer(t)
  const values = await probe({ target: address })
  t.equal(values['probe_http_status_code'], 200)
})

test('the timeout is that of the scraper, less the offset, or of the module', async (t) => {
  const { probe } = await startTestExporter(t, modules, ['--timeout-offset=0.25'])
  const target = await silentServer(t)
  t.equal((await probe({ module: 'tcp', target }, header('3')))['probe_timeout_seconds'], 2.75)
  t.equal((await probe({ module: 'tcp', target }, {}))['probe_timeout_seconds'], 119.75)
  t.equal((await probe({ module: 'short', target }, header('3')))['probe_timeout_seconds'], 1)
  const none = await probe({ module: 'tcp', target }, header('0.25'))
  t.equal(none['probe_timeout_seconds'], 0)
  t.equal(none['probe_success'], 0)
})

test('a silent target costs the timeout and no more', async (t) => {
  const { probe } = await startTestExporter(t, modules)
  const target = await silentServer(t)
  const values = await probe({ module: 'tls', target }, { 'X-Prometheus-Scrape-Timeout-Seconds': '0.7' })
  t.equal(values['probe_success'], 0)
  t.ok((values['probe_duration_seconds'] as number) >= 0.19)
  t.ok((values['probe_duration_seconds'] as number) < 0.7)
})

test('GET, HEAD and POST all probe; a repeated parameter counts by its first value', async (t) => {
  const { url, get } = await startTestExporter(t, modules)
  const { address, requests } = await webServer(t)
  for (const method of ['GET', 'HEAD', 'POST']) {
    const reply = await get('probe', { target: address }, { method })
    t.equal(reply.status, 200)
    t.equal((await reply.text()).includes('probe_success 1'), method !== 'HEAD')
  }
  t.equal(requests.length, 3)
  const reply = await fetch(`${url}probe?target=${address}&target=127.0.0.1:1`)
  t.match(await reply.text(), /^probe_success 1$/m)
})

test('formats are negotiated', async (t) => {
  const { get } = await startTestExporter(t, modules)
  const target = await silentServer(t)
  const typeFor = async (accept: string) =>
    (await get('probe', { module: 'tcp', target }, { headers: { accept } })).headers.get('content-type')
  t.equal(await typeFor('*/*'), 'text/plain; version=0.0.4; charset=utf-8; escaping=underscores')
  t.match(
    await typeFor('application/openmetrics-text;version=1.0.0'),
    /^application\/openmetrics-text; version=1\.0\.0/,
  )
})

test('the hostname parameter becomes Host header or server name', async (t) => {
  const { get, probe } = await startTestExporter(t, modules)
  const { address, requests } = await webServer(t)
  await probe({ target: address, hostname: 'site.example' })
  await probe({ target: address, hostname: 'site.example' })
  await probe({ target: address })
  t.strictSame(
    requests.map(({ headers }) => headers.host),
    ['site.example', 'site.example', address],
  )
  const debug = async (module: string) =>
    (await get('probe', { module, target: address, hostname: 'site.example', debug: 'true' })).text()
  t.match(await debug('tcp'), /server_name: site\.example/)
  t.match(await debug('named'), /server_name: kept\.example/)
})

test('only a target that was encoded once too often is decoded again', async (t) => {
  const { probe } = await startTestExporter(t, modules)
  const { address, requests } = await webServer(t)
  for (const target of [
    `http://${address}/a%2Fb?q=1+2`,
    encodeURIComponent(`http://${address}/path?q=x%20y`),
    'http%3a%2f%2f%zz',
  ]) {
    await probe({ target })
  }
  t.strictSame(
    requests.map(({ url }) => url),
    ['/a%2Fb?q=1+2', '/path?q=x%20y'],
  )
})

test('debug=true shows log, metrics and module, without secrets', async (t) => {
  const { get } = await startTestExporter(t, modules)
  const { address } = await webServer(t)
  const reply = await get('probe', { module: 'post', target: `http://user:open-sesame@${address}/`, debug: 'true' })
  t.equal(reply.headers.get('content-type'), 'text/plain')
  const text = await reply.text()
  t.match(text, /^Logs for the probe:\ntime=\S+ level=DEBUG msg="Beginning probe"/)
  t.match(text, /\n\nMetrics that would have been returned:\n# HELP/)
  t.match(text, /\n\nModule configuration:\nprober: http\n/)
  t.match(text, /<secret>/)
  t.notMatch(text, /hunter2-secret|open-sesame/)
})

test('/logs has what /probe did', async (t) => {
  const { get, probe } = await startTestExporter(t, modules, ['--history.limit=2'])
  const target = await silentServer(t)
  await probe({ module: 'tcp', target: '127.0.0.1:1' })
  await probe({ module: 'tcp', target })
  await probe({ module: 'short', target })
  const first = await get('logs', { id: '0' })
  t.equal(first.headers.get('content-type'), 'text/plain')
  t.match(await first.text(), /Error dialing TCP.*ECONNREFUSED/)
  t.match(await (await get('logs', { target, module: 'short' })).text(), /timeout: 1s/)
  t.notMatch(await (await get('logs', { target })).text(), /timeout: 1s/)
  const table: readonly (readonly [Readonly<Record<string, string>>, number, string])[] = [
    [{}, 400, 'id or target is missing'],
    [{ id: 'x' }, 400, 'id or target is missing'],
    [{ module: 'tcp' }, 400, 'module needs a target'],
    [{ id: '1', target }, 400, 'id and target exclude one another'],
    [{ id: '3' }, 404, 'Probe id not found'],
    [{ target: 'other' }, 404, 'Probe target not found'],
    [{ target, module: 'tls' }, 404, 'Probe target not found'],
  ]
  for (const [query, status, text] of table) {
    const reply = await get('logs', query)
    t.equal(reply.status, status)
    t.equal(await reply.text(), `${text}\n`)
  }
})

test('the landing page lists probes, newest first, with nothing to inject', async (t) => {
  const { get, probe } = await startTestExporter(t, modules)
  t.match(await (await get('')).text(), /No probe has run yet/)
  await probe({ module: 'tcp', target: '<script>alert(1)</script>' })
  await probe({ module: 'tcp', target: 'http://user:open-sesame@127.0.0.1:1/' })
  const page = await (await get('unknown/path')).text()
  t.match(page, /xxxxx@127\.0\.0\.1:1.*logs\?id=1.*&lt;script&gt;.*logs\?id=0/s)
  t.notMatch(page, /<script|open-sesame/)
})

test('the exporter counts its probes', async (t) => {
  const { get, probe } = await startTestExporter(t, modules)
  const target = await silentServer(t)
  await probe({ module: 'tcp', target })
  await probe({ module: 'tcp', target })
  await probe({ module: 'tcp', target: '127.0.0.1:1' })
  await probe({ module: 'tls', target }, { 'X-Prometheus-Scrape-Timeout-Seconds': '0.55' })
  await probe({ module: 'nope', target })
  const text = await (await get('metrics')).text()
  t.match(text, /^blackbox_probes_total{ending="success",module="tcp"} 2$/m)
  t.match(text, /^blackbox_probes_total{ending="failed",module="tcp"} 1$/m)
  t.match(text, /^blackbox_probes_total{ending="timeout",module="tls"} 1$/m)
  t.match(text, /^blackbox_probes_in_flight 0$/m)
  t.match(text, /^blackbox_module_unknown_total 1$/m)
})

test('a caller that leaves ends its probe', async (t) => {
  const { get } = await startTestExporter(t, modules)
  const connected = Promise.withResolvers<void>()
  const closed = Promise.withResolvers<void>()
  const server = createServer((socket) => {
    connected.resolve()
    socket.on('error', () => {})
    socket.on('close', () => closed.resolve())
    socket.resume()
  })
  const target = await listen(t, server)
  const caller = new AbortController()
  const asking = get('probe', { module: 'tls', target }, { signal: caller.signal })
  await connected.promise
  caller.abort()
  await t.rejects(asking)
  await closed.promise
  const text = await (await get('metrics')).text()
  t.match(text, /^blackbox_probes_total{ending="aborted",module="tls"} 1$/m)
})

test('probes are logged at the level of --log.prober', async (t) => {
  const quiet = await startTestExporter(t, modules)
  await quiet.probe({ module: 'tcp', target: '127.0.0.1:1' })
  const lines = quiet.log.filter((line) => line.includes('module=tcp'))
  t.equal(lines.length, 1)
  t.match(
    lines[0],
    /level=ERROR msg="Error dialing TCP" module=tcp target=127\.0\.0\.1:1 err="connect 127.0.0.1:1: ECONNREFUSED"/,
  )
  const chatty = await startTestExporter(t, modules, ['--log.prober=debug'])
  await chatty.probe({ module: 'tcp', target: '127.0.0.1:1' })
  t.ok(chatty.log.filter((line) => line.includes('module=tcp')).length > 2)
  const odd = await startTestExporter(t, modules, ['--log.prober=loud'])
  t.ok(odd.log.some((line) => /level=WARN .*level=loud/.test(line)))
})

test('a module of a prober that is not here yet is warned of', async (t) => {
  const { log } = await startTestExporter(t, modules)
  t.ok(
    log.some((line) =>
      /level=WARN .*blackbox\.yml:10:21: modules\.pinging\.prober: prober icmp is not here yet/.test(line),
    ),
  )
})

test('a reload counts for the next probe, and a bad file changes nothing', async (t) => {
  const { get, probe, writeConfig } = await startTestExporter(t, modules)
  const target = await silentServer(t)
  writeConfig('modules: {tcp: {prober: tpc}}')
  const bad = await get('-/reload', {}, { method: 'POST' })
  t.equal(bad.status, 500)
  t.match(
    await bad.text(),
    /failed to reload config: .*blackbox\.yml:1:25: modules\.tcp\.prober: prober 'tpc' is not valid; .*did you mean tcp/,
  )
  t.equal((await probe({ module: 'short', target }))['probe_success'], 1)
  t.match(await (await get('metrics')).text(), /^blackbox_exporter_config_last_reload_successful 0$/m)
  writeConfig('modules: {other: {prober: tcp}}')
  t.equal((await get('-/reload', {}, { method: 'POST' })).status, 200)
  t.equal((await probe({ module: 'other', target }))['probe_success'], 1)
  t.equal((await get('probe', { module: 'tcp', target })).status, 400)
  t.match(await (await get('metrics')).text(), /^blackbox_exporter_config_last_reload_successful 1$/m)
})

test('/config has no secrets and loads again', async (t) => {
  const { get } = await startTestExporter(t, modules)
  const printed = await (await get('config')).text()
  t.notMatch(printed, /hunter2-secret/)
  const { get: getAgain } = await startTestExporter(t, printed.replace('prober: ""', ''))
  t.equal(await (await getAgain('config')).text(), printed)
})
