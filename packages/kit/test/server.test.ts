// SPDX-License-Identifier: Apache-2.0
import { connect } from 'node:net'
import { clientLimits, type Landing, startExporter } from '@leadline/kit'
import type { FastifyInstance } from 'fastify'
import { test } from 'tap'
import { cleanPath } from '../src/serve/clean-path.ts'
import { ask, makeToy, serveToy } from './toy.ts'

test('health, readiness, config', async (t) => {
  const { running } = await serveToy(t, makeToy())
  for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
    const { status, body, headers } = await ask(`${running.url}-/healthy`, { method })
    t.equal(status, 200, method)
    t.equal(body, method === 'HEAD' ? '' : 'Healthy', method)
    t.equal(headers['content-type'], 'text/plain; charset=utf-8')
  }
  const odd = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{not json' }
  t.equal((await ask(`${running.url}-/healthy`, odd)).status, 200, 'a body means nothing')
  t.match(await ask(`${running.url}-/ready`), { status: 200, body: 'Ready' })
  const config = await ask(`${running.url}config`)
  t.equal(config.headers['content-type'], 'text/plain')
  t.equal(config.body, 'name: built-in\npassword: <secret>\n')
})

const landing: Landing = {
  links: [{ path: 'logs', text: 'Logs <of probes>', about: 'a & b' }],
  form: {
    title: 'Try it',
    path: 'probe',
    submit: 'Probe',
    fields: [
      { name: 'target', label: 'Target', placeholder: 'http://"x"' },
      { name: 'module', label: 'Module', choices: ['<a>', 'b'] },
    ],
  },
  sections: [
    {
      title: 'Recent',
      columns: ['Target', 'Result'],
      rows: [['<script>alert(1)</script>', { text: 'failed', path: 'logs?id=1&x="', tone: 'bad' }]],
      empty: 'Nothing yet.',
    },
    { title: 'Old', columns: ['Target'], rows: [], empty: 'Nothing yet.' },
  ],
}

test('the landing page', async (t) => {
  const { running } = await serveToy(t, makeToy({ start: () => ({ landing: () => landing }) }), [
    '--web.route-prefix=toy',
  ])
  const { status, headers, body } = await ask(running.url)
  t.equal(status, 200)
  t.equal(headers['content-type'], 'text/html; charset=utf-8')
  t.match(headers['content-security-policy'], "default-src 'none'")
  t.notMatch(body, '<script')
  for (const part of [
    '<h1>Toy &lt;exporter&gt;<small>',
    'Measures a toy &amp; no more.',
    '<a href="/toy/metrics">Metrics</a>',
    '<a href="/toy/logs">Logs &lt;of probes&gt;</a></dt><dd>a &amp; b</dd>',
    '<form action="/toy/probe">',
    '<input name="target" placeholder="http://&quot;x&quot;">',
    '<option>&lt;a&gt;</option><option>b</option>',
    '<td>&lt;script&gt;alert(1)&lt;/script&gt;</td>',
    '<td class="bad"><a href="/toy/logs?id=1&amp;x=&quot;">failed</a></td>',
    '<p>Nothing yet.</p>',
  ]) {
    t.ok(body.includes(part), part)
  }
})

test('clean paths as Go has them', async (t) => {
  const table = {
    '/': '/',
    '//': '/',
    '/a': '/a',
    '/a/': '/a/',
    '//a': '/a',
    '/a//b/': '/a/b/',
    '/a/./b': '/a/b',
    '/a/../b': '/b',
    '/..': '/',
    '/a/..': '/',
    '/a/b/..': '/a/',
    '': '/',
  }
  for (const [path, clean] of Object.entries(table)) t.equal(cleanPath(path), clean, path)
})

test('unknown paths', async (t) => {
  const { running } = await serveToy(t, makeToy())
  const unknown = await ask(`${running.url}nowhere`)
  t.match(unknown, { status: 404, body: '404 page not found\n' })
  t.match(unknown.headers, { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' })
  t.match(await ask(`${running.url}%zz`), { status: 400, body: 'Bad Request\n' })
  t.match(await ask(`${running.url}/config?a=b?c`), { status: 307, headers: { location: '/config?a=b?c' } })
  const { running: peerLike } = await serveToy(t, makeToy({ catchAll: true }))
  t.match(await ask(`${peerLike.url}favicon.ico`), { status: 200, body: '<!DOCTYPE html>' })
})

test('route prefix and external URL', async (t) => {
  const cases: readonly [argv: string[], paths: Record<string, [status: number, location?: string]>][] = [
    [
      ['--web.external-url=http://bb.example/bb/'],
      {
        '/': [302, 'http://bb.example/bb'],
        '/bb': [307, '/bb/'],
        '/bb/': [200],
        '/bb/-/healthy': [200],
        '/bb/metrics': [200],
        '/bb/nowhere': [200],
        '/-/healthy': [404],
        '/nowhere': [404],
        '//bb/config': [307, '/bb/config'],
      },
    ],
    [['--web.route-prefix=/a/b'], { '/': [302], '/a/b': [307, '/a/b/'], '/a/b/-/healthy': [200], '/a/': [404] }],
    [
      ['--web.external-url=https://x.example/out', '--web.route-prefix=/'],
      { '/': [200], '/-/healthy': [200], '/out/metrics': [200] },
    ],
    [['--web.external-url=/only/path'], { '/': [302], '/only/path/-/healthy': [200] }],
    [['--web.telemetry-path=/own'], { '/own': [200], '/': [200] }],
  ]
  for (const [argv, paths] of cases) {
    const { port } = await serveToy(t, makeToy({ catchAll: true }), argv)
    for (const [path, [status, location]] of Object.entries(paths)) {
      const answer = await ask(`http://127.0.0.1:${port}${path}`)
      t.equal(answer.status, status, `${argv.join(' ')}: ${path}`)
      if (location !== undefined) t.equal(answer.headers.location, location)
    }
  }
})

function addRoutes(server: FastifyInstance): void {
  server.all('/hello', (request, reply) => reply.send(`hello ${(request.query as { name: string }).name}`))
  server.get('/broken', () => {
    throw new Error('password is opensesame')
  })
}

test("an exporter's routes", async (t) => {
  const { running, lines } = await serveToy(t, makeToy({ start: () => ({ routes: addRoutes }) }), [
    '--web.route-prefix=x',
  ])
  t.equal((await ask(`${running.url}hello?name=a%20b`, { method: 'POST' })).body, 'hello a b')
  t.match(await ask(`${running.url}broken`), { status: 500, body: 'Internal Server Error\n' })
  t.match(lines.join(''), 'Request failed by a fault of the exporter')
})

test('slow and oversize requests', async (t) => {
  const limits = { ...clientLimits, headerSeconds: 0.2, requestSeconds: 0.3, checkSeconds: 0.05 }
  const { port } = await serveToy(t, makeToy(), [], { limits })
  const send = async (text: string): Promise<string> => {
    const socket = connect(port, '127.0.0.1')
    t.teardown(() => socket.destroy())
    socket.write(text)
    const chunks: Buffer[] = await socket.toArray()
    return Buffer.concat(chunks).toString()
  }
  const slowHeader = await send('GET /-/healthy HTTP/1.1\r\nHost: x\r\nX-Slow: ')
  t.match(slowHeader, /^HTTP\/1\.1 408 [^]*Content-Type: text\/plain; charset=utf-8[^]*\r\n\r\nRequest Timeout\n$/)
  t.match(await send(`GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'a'.repeat(20_000)}\r\n\r\n`), /^HTTP\/1\.1 431 /)
  t.match(await send('nonsense\r\n\r\n'), /^HTTP\/1\.1 400 /)
  t.match(await send(''), /^HTTP\/1\.1 408 /, 'a silent connection is ended')
})

test('an idle connection is closed, but not one that waits for its answer', async (t) => {
  const waiting = Promise.withResolvers<void>()
  const answer = Promise.withResolvers<string>()
  const routes = (server: FastifyInstance): void => {
    server.get('/late', () => {
      waiting.resolve()
      return answer.promise
    })
  }
  const limits = { ...clientLimits, idleSeconds: 0.1 }
  const { port } = await serveToy(t, makeToy({ start: () => ({ routes }) }), [], { limits })
  const open = (path: string): Promise<Buffer[]> => {
    const socket = connect(port, '127.0.0.1')
    t.teardown(() => socket.destroy())
    socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`)
    return socket.toArray()
  }
  const late = open('/late')
  await waiting.promise
  const idle = Buffer.concat(await open('/-/healthy')).toString()
  t.match(idle, /^HTTP\/1\.1 200 [^]*Healthy$/, 'answered, and closed after that')
  // The other one has been silent for longer by now.
  answer.resolve('at last')
  t.match(Buffer.concat(await late).toString(), /^HTTP\/1\.1 200 [^]*at last$/)
})

function start(...argv: string[]) {
  return startExporter(makeToy(), { argv, stderr: { write: () => true } })
}

test('addresses', async (t) => {
  const { running, lines, port } = await serveToy(t, makeToy(), ['--web.listen-address=127.0.0.1:0'])
  t.equal(running.addresses.length, 2)
  for (const { text } of running.addresses) {
    t.equal((await ask(`http://${text}/-/healthy`)).status, 200)
    t.match(lines.join(''), `msg="Listening on" address=${text}\n`)
    t.match(lines.join(''), `msg="TLS is disabled." http2=false address=${text}\n`)
  }
  t.equal(running.url, `http://127.0.0.1:${port}/`)
  const everywhere = await start('--web.listen-address=:0')
  t.teardown(() => everywhere.close())
  t.match(everywhere.url, /^http:\/\/localhost:\d+\/$/)
  t.equal((await ask(everywhere.url.replace('localhost', '127.0.0.1'))).status, 200)
  await t.rejects(start(`--web.listen-address=127.0.0.1:${port}`), {
    message: `listen 127.0.0.1:${port}: the address is already in use (EADDRINUSE)`,
  })
  await t.rejects(start('--web.listen-address=vsock://:9115'), {
    message: "flag --web.listen-address: Node can't listen on vsock (vsock://:9115); use host:port",
  })
  for (const bad of ['9115', 'localhost', '127.0.0.1:99999', '::1:9115', '127.0.0.1:http']) {
    const message = `flag --web.listen-address wants host:port, :port or [ipv6]:port, not "${bad}"`
    await t.rejects(start(`--web.listen-address=${bad}`), { name: 'FlagError', message })
  }
  await t.rejects(start('--web.external-url="http://x/"'), {
    message: 'flag --web.external-url must not begin or end with quotes: "http://x/"',
  })
  await t.rejects(start('--web.external-url=ftp://x/'), {
    message: 'flag --web.external-url wants a URL such as https://host/path, not "ftp://x/"',
  })
  await t.rejects(start('--web.telemetry-path=metrics'), {
    message: 'flag --web.telemetry-path wants a path such as /metrics, not "metrics"',
  })
})

const ipv6 = await new Promise<boolean>((resolve) => {
  const socket = connect({ host: '::1', port: 1 })
  socket.on('error', ({ code }: NodeJS.ErrnoException) => resolve(code === 'ECONNREFUSED'))
})

test('IPv6', { skip: ipv6 ? false : 'this machine has no IPv6 loopback' }, async (t) => {
  const options = { argv: ['--web.listen-address=[::1]:0'], stderr: { write: () => true } }
  const running = await startExporter(makeToy(), options)
  t.teardown(() => running.close())
  t.match(running.addresses[0]?.text, /^\[::1\]:\d+$/)
  t.equal((await ask(running.url)).status, 200)
})
