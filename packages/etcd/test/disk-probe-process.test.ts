// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import { makeFolder } from '../../../test/servers/folder.ts'
import { startServer } from '../../../test/servers/process.ts'
import { goneAfter, startDiskProbe } from './disk-probe-rig.ts'

const success = 'etcd_disk_probe_writes_total{result="success"}'
const lost = 'etcd_disk_probe_writes_total{result="lost"}'

test('a writing process that was killed is started again', async (t) => {
  const rig = await startDiskProbe(t)
  await rig.reaches(success, 1)
  const pid = rig.writerPid()
  process.kill(pid, 'SIGKILL')
  await rig.reaches('etcd_disk_probe_restarts_total', 1)
  t.not(rig.writerPid(), pid)
  await rig.reaches(success, (await rig.value(success)) + 2)
  t.match(rig.log.records, [{}, { message: 'The process of the disk probe has ended', fields: { reason: 'SIGKILL' } }])
})

test('a write whose process is killed is lost, and in no duration', async (t) => {
  const rig = await startDiskProbe(t)
  await rig.reaches(success, 1)
  process.kill(rig.writerPid(), 'SIGSTOP')
  await rig.reaches('etcd_disk_probe_in_flight_seconds', 0.3)
  const before = await rig.value(success)
  process.kill(rig.writerPid(), 'SIGKILL')
  await rig.reaches(lost, 1)
  t.equal(await rig.value(success), before)
  t.equal(await rig.value('etcd_disk_probe_in_flight_seconds'), 0)
  await rig.reaches(success, before + 1)
  t.equal(await rig.value(lost), 1)
})

test('a process that cannot be started is a lost write, and tried again later', async (t) => {
  const { execPath } = process
  process.execPath = '/absent/node'
  t.teardown(() => {
    process.execPath = execPath
  })
  const rig = await startDiskProbe(t)
  await rig.reaches(lost, 1)
  process.execPath = execPath
  await rig.reaches(success, 1)
  t.ok((await rig.value('etcd_disk_probe_restarts_total')) >= 1)
})

test('signals to the whole group leave the writing process to the exporter', async (t) => {
  const rig = await startDiskProbe(t)
  await rig.reaches(success, 1)
  process.kill(rig.writerPid(), 'SIGINT')
  process.kill(rig.writerPid(), 'SIGTERM')
  await rig.reaches(success, (await rig.value(success)) + 3)
  t.equal(await rig.value('etcd_disk_probe_restarts_total'), 0)
})

test('the environment of the exporter is not handed down', async (t) => {
  process.env['LEADLINE_TEST_SECRET'] = 'secret'
  t.teardown(() => delete process.env['LEADLINE_TEST_SECRET'])
  const rig = await startDiskProbe(t)
  await rig.reaches(success, 1)
  const names = readFileSync(`/proc/${rig.writerPid()}/environ`, 'utf8')
    .split('\0')
    .map((entry) => entry.split('=')[0])
  // Node's own for a forked process, and what the test runner puts into whatever a test starts.
  const added = /^(?:|NODE_CHANNEL_.*|_TAPJS_.*|NODE_OPTIONS)$/
  t.strictSame(
    names.filter((name = '') => !added.test(name)),
    [],
  )
})

test('a probe that stops kills its process at once, even a stopped one', async (t) => {
  const rig = await startDiskProbe(t)
  await rig.reaches(success, 1)
  const pid = rig.writerPid()
  process.kill(pid, 'SIGSTOP')
  rig.probe.configure(undefined)
  await goneAfter(pid)
  t.notOk(rig.log.records.some(({ message }) => message === 'The process of the disk probe has ended'))
})

for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
  test(`the writing process goes when the exporter goes by ${signal}`, async (t) => {
    const folder = await makeFolder('disk-probe')
    const program = await startServer({
      command: process.execPath,
      args: ['--conditions=@leadline/source', join(import.meta.dirname, 'disk-probe-program.ts'), folder.path],
      ready: /process of the disk probe has started.*pid=(\d+)/,
      folder,
    })
    t.teardown(() => program.stop())
    process.kill(program.pid, signal)
    await goneAfter(Number(program.readyLine[1]))
  })
}
