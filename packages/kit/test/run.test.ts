// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import http from 'node:http'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { type ClientLimits, clientLimits, runExporter } from '@leadline/kit'
import type { FastifyInstance } from 'fastify'
import { type Test, test } from 'tap'
import { systemdSockets } from '../src/serve/systemd.ts'
import { ask, LogLines, makeToy, type Toy } from './toy.ts'

/** A toy that runs as a program does, without a process of its own. */
class Program extends LogLines {
  stdout = ''
  readonly exit: Promise<number>

  constructor(t: Test, toy: Toy, argv: readonly string[], limits?: ClientLimits) {
    super()
    const stdout = { write: (text: string) => (this.stdout += text) }
    this.exit = runExporter(toy, { argv, stdout, stderr: this, signals: this, ...(limits && { limits }) })
    t.teardown(async () => {
      this.emit('SIGTERM', 'SIGTERM')
      this.emit('SIGTERM', 'SIGTERM')
      await this.exit
    })
  }

  /** Where it serves, once it does. */
  async url(): Promise<string> {
    return `http://${await this.logged(/msg="Listening on" address=(\S+)/)}/`
  }
}

const anyPort = '--web.listen-address=127.0.0.1:0'

test('questions and mistakes', async (t) => {
  const run = async (...argv: string[]) => {
    const program = new Program(t, makeToy(), argv)
    return { code: await program.exit, out: program.stdout, err: program.lines.join('') }
  }
  const help = await run('--help')
  t.equal(help.code, 0)
  t.match(
    help.out,
    /^usage: leadline toy \[<flags>\]\n\nMeasures a toy & no more\.\n\nToy <exporter>:\n {2}--toy\.level=1 /,
  )
  t.match(help.out, '--web.listen-address=:19999 ...')
  t.equal(help.err, '')
  const version = await run('--version')
  t.equal(version.code, 0)
  t.match(
    version.out,
    /^toy_exporter, version \d+\.\d+\.\d+ \(branch: \S+, revision: \S+\)\n {2}node version: v\d+\..*\n {2}platform: {5}\w+\/\w+\n$/,
  )
  const mistake = await run('--web.listen-adress=:1')
  t.strictSame(mistake, {
    code: 1,
    out: '',
    err: 'leadline toy: error: unknown flag --web.listen-adress, did you mean --web.listen-address?, try --help\n',
  })
  t.equal(
    (await run('--web.systemd-socket')).err,
    'leadline toy: error: flag --web.systemd-socket also wants --web.external-url, try --help\n',
  )
})

test('--config.check', async (t) => {
  const folder = t.testdir({ 'good.yml': 'name: x\n', 'bad.yml': 'nmae: x\n' })
  const good = new Program(t, makeToy(), ['--config.check', `--config.file=${join(folder, 'good.yml')}`])
  t.equal(await good.exit, 0)
  t.match(good.lines.join(''), /^time=\S+ level=INFO msg="Config file is ok exiting\.\.\." file=\S+good\.yml\n$/)
  const bad = new Program(t, makeToy(), ['--config.check', `--config.file=${join(folder, 'bad.yml')}`])
  t.equal(await bad.exit, 1)
  t.match(
    bad.lines.join(''),
    /^time=\S+ level=ERROR msg="Error loading config" err="error parsing config file: \S+bad\.yml:1:1: field nmae .*\n$/,
  )
})

/** Levels other than the absent one stand for a config; from 3 on for a wrong one. */
const fromFlags: Toy['config']['fromFlags'] = ({ 'toy.level': level }) =>
  level === 1 ? undefined : `name: level ${level}\n${level > 2 ? 'nmae: x\n' : ''}`

test('flags can stand for a config', async (t) => {
  const plain = makeToy()
  const toy = { ...plain, config: { ...plain.config, fromFlags } }
  const shown = async (...argv: string[]) =>
    (await ask(`${await new Program(t, toy, [anyPort, ...argv]).url()}config`)).body
  t.match(await shown(), /^name: built-in$/m)
  t.match(await shown('--toy.level=2'), /^name: level 2$/m)
  const file = join(t.testdir({ 'good.yml': 'name: x\n' }), 'good.yml')
  for (const check of [[], ['--config.check']]) {
    const both = new Program(t, toy, ['--toy.level=2', `--config.file=${file}`, ...check])
    t.equal(await both.exit, 1)
    t.match(both.lines.at(-1), 'err="--config.file and flags that stand for a config exclude one another"')
  }
  const wrong = new Program(t, toy, ['--toy.level=3'])
  t.equal(await wrong.exit, 1)
  t.match(wrong.lines.at(-1), 'err="error parsing config file: command line:2:1: field nmae not found')
})

test('a port that is taken', async (t) => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const { port } = server.address() as { port: number }
  let stopped = 0
  const toy = makeToy({ start: () => ({ stop: async () => void stopped++ }) })
  const program = new Program(t, toy, [anyPort, `--web.listen-address=127.0.0.1:${port}`])
  t.equal(await program.exit, 1)
  t.match(
    program.lines.at(-1),
    `level=ERROR msg="Error starting the exporter" err="listen 127.0.0.1:${port}: the address is already in use (EADDRINUSE)"\n`,
  )
  t.equal(stopped, 1, 'what was started is stopped')
  const first = await program.logged(/address=127\.0\.0\.1:(\d+)/)
  const [error] = (await once(connect(Number(first), '127.0.0.1'), 'error')) as [NodeJS.ErrnoException]
  t.equal(error.code, 'ECONNREFUSED', 'the address that was free is given back')
})

test('an exporter that cannot start', async (t) => {
  const toy = makeToy({
    start() {
      throw new Error('no cluster in sight')
    },
  })
  const program = new Program(t, toy, [anyPort])
  t.equal(await program.exit, 1)
  t.match(program.lines.at(-1), 'err="no cluster in sight"')
})

test('JSON logs at a level', async (t) => {
  const program = new Program(t, makeToy(), [anyPort, '--log.format=json', '--log.level=debug'])
  await program.logged(/Listening on/)
  for (const line of program.lines) t.match(JSON.parse(line), { time: /^\d{4}-/, level: /^(DEBUG|INFO)$/, msg: String })
})

test('SIGHUP reloads', async (t) => {
  const folder = t.testdir({ 'toy.yml': 'name: first\n' })
  const file = join(folder, 'toy.yml')
  const program = new Program(t, makeToy(), [anyPort, `--config.file=${file}`])
  const url = await program.url()
  await writeFile(file, 'nmae: second\n')
  program.emit('SIGHUP', 'SIGHUP')
  await program.logged(/level=ERROR msg="Error loading config"/)
  t.equal((await ask(`${url}config`)).body, 'name: first\n')
  await writeFile(file, 'name: second\n')
  program.lines.length = 0
  program.emit('SIGHUP', 'SIGHUP')
  await program.logged(/level=INFO msg="Loaded config file"/)
  t.equal((await ask(`${url}config`)).body, 'name: second\n')
})

/** A toy with a route that answers when it is told. */
function makeSlow() {
  const asked = Promise.withResolvers<void>()
  const gate = Promise.withResolvers<void>()
  let stopped = 0
  let aborted = false
  const routes = (server: FastifyInstance): void => {
    server.get('/slow', async () => {
      asked.resolve()
      await gate.promise
      return 'answered'
    })
  }
  const toy = makeToy({
    start: ({ signal }) => ({
      routes,
      stop: async () => {
        stopped++
        aborted = signal.aborted
      },
    }),
  })
  return { toy, asked: asked.promise, release: gate.resolve, ends: () => ({ stopped, aborted }) }
}

test('SIGTERM drains', async (t) => {
  const { toy, asked, release, ends } = makeSlow()
  const program = new Program(t, toy, [anyPort])
  const url = await program.url()
  const port = Number(new URL(url).port)
  const agent = new http.Agent({ keepAlive: true })
  t.teardown(() => agent.destroy())
  t.equal((await ask(`${url}-/ready`, { agent })).status, 200, 'leaves an idle connection behind')
  const silent = connect(port, '127.0.0.1')
  t.teardown(() => silent.destroy())
  await once(silent, 'connect')
  const slow = ask(`${url}slow`)
  await asked
  program.emit('SIGTERM', 'SIGTERM')
  await program.logged(/Received SIGTERM, exiting gracefully\.\.\./)
  const [error] = (await once(connect(port, '127.0.0.1'), 'error')) as [NodeJS.ErrnoException]
  t.equal(error.code, 'ECONNREFUSED', 'new connections are refused')
  t.strictSame(ends(), { stopped: 0, aborted: false }, 'the exporter still lives')
  release()
  t.match(await slow, { status: 200, body: 'answered' })
  t.equal(await program.exit, 0)
  t.strictSame(ends(), { stopped: 1, aborted: true })
})

test('a connection that stays is told to close, and not ready', async (t) => {
  const { toy, asked, release } = makeSlow()
  const program = new Program(t, toy, [anyPort])
  const { port } = new URL(await program.url())
  const socket = connect(Number(port), '127.0.0.1')
  t.teardown(() => socket.destroy())
  let answers = ''
  socket.on('data', (data) => (answers += data.toString()))
  socket.write('GET /slow HTTP/1.1\r\nHost: x\r\n\r\n')
  await asked
  program.emit('SIGINT', 'SIGINT')
  await program.logged(/Received SIGINT/)
  socket.write('GET /-/ready HTTP/1.1\r\nHost: x\r\n\r\n')
  release()
  await once(socket, 'close')
  t.match(answers, /answered[^]*HTTP\/1\.1 503 [^]*Connection: close[^]*Not ready/)
  t.equal(await program.exit, 0)
})

test('draining has an end', async (t) => {
  const { toy, asked } = makeSlow()
  const program = new Program(t, toy, [anyPort], { ...clientLimits, drainSeconds: 0.1 })
  const slow = ask(`${await program.url()}slow`)
  await asked
  program.emit('SIGTERM', 'SIGTERM')
  await t.rejects(slow, { code: 'ECONNRESET' })
  t.equal(await program.exit, 0)
})

test('a second signal ends it at once', async (t) => {
  const { toy, asked } = makeSlow()
  const program = new Program(t, toy, [anyPort])
  const slow = ask(`${await program.url()}slow`)
  await asked
  program.emit('SIGTERM', 'SIGTERM')
  await program.logged(/Received SIGTERM/)
  program.emit('SIGINT', 'SIGINT')
  await t.rejects(slow, { code: 'ECONNRESET' })
  t.equal(await program.exit, 1)
  t.match(program.lines.at(-1), 'Received a second signal, exiting at once')
})

test('what systemd says', async (t) => {
  t.strictSame(systemdSockets({ LISTEN_PID: '7', LISTEN_FDS: '2' }, 7), [{ fd: 3 }, { fd: 4 }])
  t.throws(() => systemdSockets({}, 7), { message: /LISTEN_PID and LISTEN_FDS are not set$/ })
  t.throws(() => systemdSockets({ LISTEN_PID: '6', LISTEN_FDS: '1' }, 7), { message: /for process 6, this is 7/ })
  t.throws(() => systemdSockets({ LISTEN_PID: '7', LISTEN_FDS: '0' }, 7), { message: /LISTEN_FDS is "0"$/ })
})

test('a socket from systemd', {
  skip: process.platform === 'win32' ? 'no file descriptors to inherit' : false,
}, async (t) => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  // The only way to the descriptor of a socket that Node has opened.
  const handle = Reflect.get(server, '_handle') as { fd: number }
  // The shell becomes the program, so that LISTEN_PID is right; systemd does the same between fork and exec.
  const program = `LISTEN_PID=$$ LISTEN_FDS=1 exec "$0" --conditions=@leadline/source "$1"`
  const script = join(import.meta.dirname, 'systemd-program.ts')
  const child = spawn('/bin/sh', ['-c', program, process.execPath, script], {
    stdio: ['ignore', 'pipe', 'pipe', handle.fd],
  })
  t.teardown(() => child.kill('SIGKILL'))
  const log = new LogLines()
  child.stderr?.on('data', (chunk: Buffer) => log.write(chunk.toString()))
  await log.logged(/TLS is disabled/)
  // Only the child accepts from here on.
  server.close()
  t.match(log.lines.join(''), `msg="Listening on" address=127.0.0.1:${port}`)
  t.match(await ask(`http://127.0.0.1:${port}/bb/-/healthy`), { status: 200, body: 'Healthy' })
  child.kill('SIGTERM')
  const [code] = await once(child, 'exit')
  t.equal(code, 0)
})
