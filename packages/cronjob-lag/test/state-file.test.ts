// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process'
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type Test, test } from 'tap'
import { needServer, repositoryRoot } from '../../../test/servers/find.ts'
import { runToEnd } from '../../../test/servers/process.ts'
import { fileStore } from '../src/state/file-store.ts'

const cronJobs = Array.from({ length: 2000 }, (_, i) => ({ uid: `uid-${i}`, counts: { on_time: i } }))

const nodeFlags = ['--conditions=@leadline/source', '--input-type=module', '-e']
const storeModule = JSON.stringify(join(repositoryRoot, 'packages/cronjob-lag/src/state/file-store.ts'))

/** Saves greater and greater numbers, and tells each that is saved. */
const counting = `
import { fileStore } from ${storeModule}
const store = fileStore(process.argv[1])
const cronJobs = Array.from({ length: 2000 }, (_, i) => ({ uid: i }))
for (let count = Number(process.argv[2]) + 1; ; count++) {
  await store.save({ count, cronJobs })
  console.log(count)
}`

const program = `
import { fileStore } from ${storeModule}
const store = fileStore(process.argv[1])
for (let time = 0; time < Number(process.argv[2]); time++) {
  await store.save('new').then(() => console.log('saved'), (error) => console.log(error.message))
}`

/** Saves in a process of which the system calls fail as strace has them. */
async function saveUnder(
  strace: string,
  path: string,
  inject: string,
  at: string,
  times = 1,
): Promise<{ code: number | null; said: string }> {
  const node = [process.execPath, ...nodeFlags, program, path, String(times)]
  const call = inject.slice(0, inject.indexOf(':'))
  const args = ['-f', '-o', '/dev/null', '-e', `trace=${call}`, '-e', `inject=${inject}`, `--trace-path=${at}`, ...node]
  const { code, stdout, stderr } = await runToEnd(strace, args)
  return { code, said: (stdout || stderr).trim() }
}

async function foldered(t: Test): Promise<{ readonly folder: string; readonly path: string }> {
  const folder = t.testdir({})
  return { folder, path: join(folder, 'state.gz') }
}

test('a state outlives its store, in a file that only its owner can read', async (t) => {
  const { folder, path } = await foldered(t)
  const store = fileStore(path)
  t.equal(store.place, `file ${path}`)
  t.equal(await store.load(), undefined)
  const size = await store.save({ cronJobs })
  t.equal((await stat(path)).size, size)
  t.equal((await stat(path)).mode & 0o777, 0o600)
  t.strictSame(await fileStore(path).load(), { cronJobs })
  await store.save({ cronJobs: [] })
  t.strictSame(await fileStore(path).load(), { cronJobs: [] })
  t.strictSame(await readdir(folder), ['state.gz'])
})

test('what a crash left before the rename is not read, and not in the way', async (t) => {
  const { folder, path } = await foldered(t)
  await fileStore(path).save('old')
  await writeFile(`${path}.new`, 'half of a st', { mode: 0o644 })
  const store = fileStore(path)
  t.equal(await store.load(), 'old')
  await store.save('new')
  t.equal(await fileStore(path).load(), 'new')
  t.strictSame(await readdir(folder), ['state.gz'])
  t.equal((await stat(path)).mode & 0o777, 0o600)
})

test('a state that can not be read stays as it is until it is kept aside by the first save', async (t) => {
  const { path } = await foldered(t)
  await writeFile(path, 'garbage')
  const store = fileStore(path)
  for (let time = 0; time < 2; time++) {
    await t.rejects(store.load(), {
      name: 'StateError',
      problem: 'unreadable',
      message: `file ${path}: the state can't be read: it is not gzip, or damaged; put a good copy in its place, or move it away to begin anew`,
    })
    t.equal(await readFile(path, 'utf8'), 'garbage')
  }
  await store.save('anew')
  await store.save('more')
  t.equal(await readFile(`${path}.unreadable`, 'utf8'), 'garbage')
  t.equal(await fileStore(path).load(), 'more')
})

test('one that was never looked at is kept aside as well', async (t) => {
  const { path } = await foldered(t)
  await writeFile(path, 'garbage')
  await fileStore(path).save('anew')
  t.equal(await readFile(`${path}.unreadable`, 'utf8'), 'garbage')
  t.equal(await fileStore(path).load(), 'anew')
})

test('a folder that is not there, and what is no file, is told at once', async (t) => {
  const { folder } = await foldered(t)
  const lost = join(folder, 'none', 'state.gz')
  const message = `file ${lost}: can't be read: ENOENT: no such file or directory, stat '${join(folder, 'none')}'; make the folder ${join(folder, 'none')}`
  await t.rejects(fileStore(lost).load(), { name: 'StateError', problem: 'place', message })
  await t.rejects(fileStore(lost).save(1), { message })
  await mkdir(join(folder, 'a'))
  for (const path of [join(folder, 'a'), '/dev/null']) {
    await t.rejects(fileStore(path).load(), {
      problem: 'place',
      message: `file ${path}: can't be read: it is not a regular file`,
    })
    await t.rejects(fileStore(path).save(1), /it is not a regular file/)
  }
  t.ok((await stat('/dev/null')).isCharacterDevice())
})

test('a fault after the rename does not have the good state kept aside in the place of the bad one', async (t) => {
  const strace = needServer(t, 'strace')
  if (strace === undefined) return
  const { folder, path } = await foldered(t)
  await writeFile(path, 'garbage')
  const failing = await saveUnder(strace, path, 'fsync:error=EIO', folder, 2)
  t.match(failing.said, /EIO.*\n.*EIO/)
  t.equal(await readFile(`${path}.unreadable`, 'utf8'), 'garbage')
  t.equal(await fileStore(path).load(), 'new')
})

test('a process that is killed while it saves leaves what it last told to be saved, or something newer', async (t) => {
  const { path } = await foldered(t)
  let least = 0
  for (let round = 0; round < 3; round++) {
    const child = spawn(process.execPath, [...nodeFlags, counting, path, String(least)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    for await (const line of createInterface(child.stdout)) {
      least = Number(line)
      if (least % 20 === 10 + round) child.kill('SIGKILL')
    }
    const { count } = (await fileStore(path).load()) as { readonly count: number }
    t.ok(count === least || count === least + 1, `${count} is there, ${least} was told`)
    least = count
  }
})

test('a full disk, a disk that fails and a death before the rename leave the old state', async (t) => {
  const strace = needServer(t, 'strace')
  if (strace === undefined) return
  const { folder, path } = await foldered(t)
  await fileStore(path).save('old')
  const full = await saveUnder(strace, path, 'write:error=ENOSPC', `${path}.new`)
  t.equal(full.said, `file ${path}: can't be written: ENOSPC: no space left on device, write; make room in ${folder}`)
  t.strictSame(await readdir(folder), ['state.gz'])
  const failing = await saveUnder(strace, path, 'fsync:error=EIO', `${path}.new`)
  t.equal(failing.said, `file ${path}: can't be written: EIO: i/o error, fsync`)
  const forbidden = await saveUnder(strace, path, 'openat:error=EACCES', `${path}.new`)
  t.match(forbidden.said, /^file .*: can't be written: EACCES: .*; let user \d+ write in /)
  t.equal(await fileStore(path).load(), 'old')
  const dead = await saveUnder(strace, path, 'rename:signal=KILL', `${path}.new`)
  t.equal(dead.said, '')
  t.strictSame(await readdir(folder), ['state.gz', 'state.gz.new'])
  const store = fileStore(path)
  t.equal(await store.load(), 'old')
  await store.save('next')
  t.equal(await fileStore(path).load(), 'next')
  t.strictSame(await readdir(folder), ['state.gz'])
})
