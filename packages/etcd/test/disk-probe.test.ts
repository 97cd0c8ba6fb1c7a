// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import { deviceText, probeFileName } from '../src/disk-probe/file.ts'
import { startDiskProbe } from './disk-probe-rig.ts'

const fixtures = join(import.meta.dirname, 'fixtures')
const tmpfsType = 0x01021994

test('writes are timed, counted and told of with the host and the disk', async (t) => {
  const begunAt = Date.now() / 1000
  const rig = await startDiskProbe(t)
  await rig.reaches('etcd_disk_probe_writes_total{result="success"}', 5)
  const { values, families, ending } = await rig.scrape()
  t.equal(ending, 'success')
  const durations = families.find(({ name }) => name === 'etcd_disk_probe_duration_seconds')?.samples ?? []
  const count = durations.find(({ suffix }) => suffix === '_count')?.value
  t.equal(count, values['etcd_disk_probe_writes_total{result="success"}'])
  const sum = durations.find(({ suffix }) => suffix === '_sum')?.value ?? 0
  const max = values['etcd_disk_probe_recent_max_seconds'] ?? 0
  const p99 = values['etcd_disk_probe_recent_p99_seconds'] ?? 0
  t.ok(sum > 0 && max > 0 && max < sum, 'one of several is less than their sum')
  t.ok(p99 > 0 && p99 <= max)
  t.ok((values['etcd_disk_probe_last_success_timestamp_seconds'] ?? 0) >= begunAt)
  t.equal(values['etcd_disk_probe_writes_total{result="io_error"}'], 0, 'there before the first failure')
  t.equal(values['etcd_disk_probe_restarts_total'], 0)
  t.ok(fs.existsSync(join(rig.directory, probeFileName)))
})

test('no write under way has no age', async (t) => {
  const rig = await startDiskProbe(t)
  await rig.reaches('etcd_disk_probe_writes_total{result="success"}', 1)
  rig.probe.configure({ directory: rig.directory, interval: 60 })
  await rig.reaches('etcd_disk_probe_writes_total{result="success"}', 1)
  t.equal(await rig.value('etcd_disk_probe_in_flight_seconds'), 0)
})

test('the kernel tells of the host and of the disk that holds the directory', async (t) => {
  const sys = await fs.promises.mkdtemp(join(fs.realpathSync('/tmp'), 'leadline-sys-'))
  t.teardown(() => fs.promises.rm(sys, { recursive: true }))
  const rig = await startDiskProbe(t, { paths: { proc: join(fixtures, 'proc'), sys } })
  const device = deviceText(fs.statSync(rig.directory, { bigint: true }).dev)
  fs.mkdirSync(join(sys, 'dev', 'block'), { recursive: true })
  fs.symlinkSync('../../devices/sda', join(sys, 'dev', 'block', device))
  await rig.reaches('etcd_disk_probe_writes_total{result="success"}', 1)
  const { values } = await rig.scrape()
  for (const [sample, value] of Object.entries({
    'etcd_disk_probe_io_pressure_ratio{tasks="some"}': 0.125,
    'etcd_disk_probe_io_pressure_ratio{tasks="full"}': 0.0825,
    'etcd_disk_probe_io_pressure_seconds_total{tasks="some"}': 39.860589,
    'etcd_disk_probe_io_pressure_seconds_total{tasks="full"}': 28.236245,
    'etcd_disk_probe_device_writes_total{device="sda"}': 110083,
    'etcd_disk_probe_device_write_seconds_total{device="sda"}': 132.19,
    'etcd_disk_probe_device_in_flight{device="sda"}': 3,
    'etcd_disk_probe_device_busy_seconds_total{device="sda"}': 80.96,
    'etcd_disk_probe_device_weighted_seconds_total{device="sda"}': 856.2,
    'etcd_disk_probe_device_flushes_total{device="sda"}': 1777,
    'etcd_disk_probe_device_flush_seconds_total{device="sda"}': 0.87,
  })) {
    t.equal(values[sample], value, sample)
  }
})

test('where the kernel tells nothing, its metrics are absent and the writes go on', async (t) => {
  const rig = await startDiskProbe(t, { paths: { proc: '/absent', sys: '/absent' } })
  await rig.reaches('etcd_disk_probe_writes_total{result="success"}', 1)
  const { values, ending } = await rig.scrape()
  t.equal(ending, 'success')
  t.strictSame(
    Object.keys(values).filter((name) => /pressure|device/.test(name)),
    [],
  )
})

test('a directory in memory is told of, and has no disk', async (t) => {
  if (!fs.existsSync('/dev/shm') || fs.statfsSync('/dev/shm').type !== tmpfsType) {
    t.plan(0, '/dev/shm is not a tmpfs')
    return
  }
  const directory = fs.mkdtempSync('/dev/shm/leadline-')
  t.teardown(() => fs.rmSync(directory, { recursive: true }))
  const rig = await startDiskProbe(t, { directory })
  await rig.reaches('etcd_disk_probe_in_memory', 1)
  await rig.logged("The disk probe writes to memory; give it a directory on etcd's disk")
  const { values } = await rig.scrape()
  t.notOk(Object.keys(values).some((name) => name.startsWith('etcd_disk_probe_device')))
})

test('nothing is told while the probe is off', async (t) => {
  const rig = await startDiskProbe(t)
  rig.probe.configure(undefined)
  const { values, ending } = await rig.scrape()
  t.equal(ending, 'success')
  t.strictSame(values, {})
})

test('the same config again changes nothing, another one starts afresh', async (t) => {
  const rig = await startDiskProbe(t)
  await rig.reaches('etcd_disk_probe_writes_total{result="success"}', 3)
  const pid = rig.writerPid()
  rig.probe.configure({ directory: rig.directory, interval: 0.1 })
  t.equal(rig.writerPid(), pid)
  t.ok((await rig.value('etcd_disk_probe_writes_total{result="success"}')) >= 3)
  rig.probe.configure({ directory: rig.directory, interval: 60 })
  t.not(rig.writerPid(), pid)
  t.ok((await rig.value('etcd_disk_probe_writes_total{result="success"}')) <= 1)
  await rig.reaches('etcd_disk_probe_writes_total{result="success"}', 1)
})
