// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startExporter } from '@leadline/kit'
import { type Test, test } from 'tap'
import { ConfigStore } from '../src/serve/config-store.ts'
import { ask, makeToy, type ServedToy, serveToy } from './toy.ts'

/** A toy with a config file. */
async function serveFile(t: Test, argv: readonly string[] = []) {
  const folder = await mkdtemp(join(tmpdir(), 'leadline-reload-'))
  t.teardown(() => rm(folder, { recursive: true }))
  const file = join(folder, 'toy.yml')
  await writeFile(file, 'name: first\n')
  const clock = { time: 1000, unix: () => clock.time, now: () => performance.now() / 1000 }
  const toy = await serveToy(t, makeToy(), [`--config.file=${file}`, ...argv], { clock })
  return { ...toy, file, clock }
}

/** The two gauges about the config. */
async function gauges({ running }: Pick<ServedToy, 'running'>): Promise<string[]> {
  const { body } = await ask(`${running.url}metrics`)
  return [...body.matchAll(/^toy_exporter_config_last_reload_(\S+ \S+)$/gm)].map((match) => match[1] as string)
}

test('POST /-/reload', async (t) => {
  const toy = await serveFile(t)
  const { running, file, clock, lines } = toy
  const reload = () => ask(`${running.url}-/reload`, { method: 'POST' })
  const config = async () => (await ask(`${running.url}config`)).body
  t.strictSame(await gauges(toy), ['success_timestamp_seconds 1000', 'successful 1'])

  clock.time = 2000
  t.match(await reload(), { status: 200, body: '' })
  t.strictSame(await gauges(toy), ['success_timestamp_seconds 2000', 'successful 1'], 'an unchanged file is a success')

  clock.time = 3000
  await writeFile(file, 'nmae: second\n')
  t.match(await reload(), {
    status: 500,
    body: `failed to reload config: error parsing config file: ${file}:1:1: field nmae not found; did you mean name? Allowed here: name, password\n`,
  })
  t.equal(await config(), 'name: first\n', 'the last good config stays')
  t.strictSame(await gauges(toy), ['success_timestamp_seconds 2000', 'successful 0'])
  t.match(lines.at(-1), /level=ERROR msg="Error loading config" err="error parsing config file: .*nmae/)

  await writeFile(file, 'name: first\n')
  t.equal((await reload()).status, 200, 'back to the last good text')
  t.strictSame(await gauges(toy), ['success_timestamp_seconds 3000', 'successful 1'])

  await writeFile(file, 'name: third\n')
  t.equal((await reload()).status, 200)
  t.equal(await config(), 'name: third\n')
  t.match(lines.at(-1), /level=INFO msg="Loaded config file" file=/)

  await rm(file)
  t.match(await reload(), { status: 500, body: /^failed to reload config: error reading config file: ENOENT/ })
  t.equal(await config(), 'name: third\n')

  t.match(await ask(`${running.url}-/reload`), {
    status: 405,
    headers: { allow: 'POST' },
    body: 'This endpoint requires a POST request.\n',
  })
})

test('the built-in config reloads to itself', async (t) => {
  const toy = await serveToy(t, makeToy())
  await toy.running.reload()
  t.match((await gauges(toy))[1], 'successful 1')
})

test('auto-reload', async (t) => {
  const { running, file, log } = await serveFile(t, ['--config.enable-auto-reload', '--config.auto-reload-interval=1'])
  await writeFile(file, 'name: second\n')
  log.lines.length = 0
  await log.logged(/Loaded config file/)
  t.equal((await ask(`${running.url}config`)).body, 'name: second\n')
})

test('a config that cannot be loaded ends the start, one line for each mistake', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'leadline-reload-'))
  t.teardown(() => rm(folder, { recursive: true }))
  const file = join(folder, 'toy.yml')
  await writeFile(file, 'nmae: x\npasswort: y\n')
  const lines: string[] = []
  const options = { argv: [`--config.file=${file}`], stderr: { write: (line: string) => lines.push(line) } }
  await t.rejects(startExporter(makeToy(), options), { name: 'ConfigLoadError' })
  t.equal(lines.filter((line) => line.includes('msg="Error loading config"')).length, 2)
})

test('one load after the other', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'leadline-reload-'))
  t.teardown(() => rm(folder, { recursive: true }))
  const file = join(folder, 'toy.yml')
  const store = new ConfigStore({ ...makeToy().config, builtInTitle: 'built-in config', file, warn: () => {} })
  await writeFile(file, 'name: a\n')
  t.strictSame(await Promise.all([store.load(), store.load()]), [true, false])
  await writeFile(file, 'name: [\n')
  const [bad, good] = await Promise.allSettled([store.load(), writeFile(file, 'name: b\n').then(() => store.load())])
  t.equal(good.status, 'fulfilled', 'a failed load does not stop the next')
  t.equal(store.current().name, 'b')
  t.ok(bad)
})
