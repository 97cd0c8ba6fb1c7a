// SPDX-License-Identifier: Apache-2.0
import { mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'tap'
import { findServer } from '../../../test/servers/find.ts'
import { makeFolder } from '../../../test/servers/folder.ts'
import { runToEnd, startServer } from '../../../test/servers/process.ts'
import { probeFileName } from '../src/disk-probe/file.ts'
import { bucketsOf, startDiskProbe } from './disk-probe-rig.ts'
import { needStrace, slowFsync } from './servers/strace.ts'

const success = 'etcd_disk_probe_writes_total{result="success"}'
const inFlight = 'etcd_disk_probe_in_flight_seconds'

test('a slow disk is seen in the durations', async (t) => {
  if (!needStrace(t)) return
  const rig = await startDiskProbe(t)
  await rig.reaches(success, 3)
  const disk = await slowFsync(rig.writerPid(), 0.06)
  t.teardown(() => disk.stop())
  // The one under way may have begun before.
  await rig.reaches(success, (await rig.value(success)) + 1)
  const before = await rig.scrape()
  await rig.reaches(success, (before.values[success] ?? 0) + 5)
  const after = await rig.scrape()
  const [was, is] = [before, after].map((scraped) => bucketsOf(scraped, 'etcd_disk_probe_duration_seconds'))
  t.equal(is?.['0.05'], was?.['0.05'], 'none is quick any more')
  t.ok((is?.['0.25'] ?? 0) > (was?.['0.25'] ?? 0), 'and none takes much longer than the delay')
  t.ok((after.values['etcd_disk_probe_recent_max_seconds'] ?? 0) >= 0.06)
})

test('a disk that hangs ages one write, and scrapes are answered meanwhile', async (t) => {
  if (!needStrace(t)) return
  const rig = await startDiskProbe(t)
  await rig.reaches(success, 3)
  const disk = await slowFsync(rig.writerPid(), 6)
  t.teardown(() => disk.stop())
  await rig.reaches(inFlight, 1)
  const before = await rig.scrape()
  t.ok(before.durationSeconds < 0.5, `answered in ${before.durationSeconds} s`)
  await rig.reaches(inFlight, (before.values[inFlight] ?? 0) + 2)
  t.equal(await rig.value(success), before.values[success], 'no other write is begun')
  await rig.logged('A write of the disk probe hangs')
  await rig.reaches(success, (before.values[success] ?? 0) + 1)
  await rig.logged('A write of the disk probe hangs no longer')
  const [was, is] = [before, await rig.scrape()].map((one) => bucketsOf(one, 'etcd_disk_probe_duration_seconds'))
  t.equal(is?.['5'], was?.['5'])
  t.equal((is?.['10'] ?? 0) - (was?.['10'] ?? 0), 1)
})

test('a writing process that is frozen ages its write, and goes on when it may', async (t) => {
  const rig = await startDiskProbe(t)
  await rig.reaches(success, 3)
  process.kill(rig.writerPid(), 'SIGSTOP')
  await rig.reaches(inFlight, 1)
  const { durationSeconds, values } = await rig.scrape()
  t.ok(durationSeconds < 0.5, `answered in ${durationSeconds} s`)
  process.kill(rig.writerPid(), 'SIGCONT')
  await rig.reaches(success, (values[success] ?? 0) + 2)
  t.ok((await rig.value(inFlight)) < 1)
})

test('an exporter that was held up takes no write for one that hangs', async (t) => {
  const rig = await startDiskProbe(t)
  await rig.reaches(success, 1)
  // Begins a write that is done long before this thread goes on.
  rig.probe.configure({ directory: rig.directory, interval: 60 })
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1500)
  t.equal(await rig.value(inFlight), 0)
})

for (const [error, result] of [
  ['ENOSPC', 'no_space'],
  ['EDQUOT', 'no_space'],
  ['EROFS', 'read_only'],
  ['EACCES', 'denied'],
  ['EIO', 'io_error'],
  ['EINVAL', 'other'],
] as const) {
  test(`${error} of a sync counts as ${result}, until it is over`, async (t) => {
    if (!needStrace(t)) return
    const rig = await startDiskProbe(t)
    await rig.reaches(success, 1)
    const fault = await startServer({
      command: findServer('strace') ?? 'strace',
      args: `-o /dev/null -e trace=fdatasync -e inject=fdatasync:error=${error} -p ${rig.writerPid()}`.split(' '),
      ready: /Process \d+ attached/,
    })
    t.teardown(() => fault.stop())
    await rig.reaches(`etcd_disk_probe_writes_total{result="${result}"}`, 2)
    t.match(
      rig.log.records.filter(({ level }) => level === 'error'),
      [
        {
          message: 'The disk probe cannot write',
          fields: { directory: rig.directory, result, err: /fdatasync/ },
        },
      ],
    )
    await fault.stop()
    await rig.logged('The disk probe writes again')
    await rig.reaches(success, (await rig.value(success)) + 1)
    t.equal(await rig.value('etcd_disk_probe_restarts_total'), 0)
  })
}

test('a directory that is missing is told of, and used once it is there', async (t) => {
  const parent = await startDiskProbe(t)
  const directory = join(parent.directory, 'later')
  t.teardown(() => rm(directory, { recursive: true, force: true }))
  const rig = await startDiskProbe(t, { directory })
  await rig.reaches('etcd_disk_probe_writes_total{result="missing"}', 2)
  const { values } = await rig.scrape()
  t.notOk('etcd_disk_probe_last_success_timestamp_seconds' in values)
  t.notOk('etcd_disk_probe_recent_max_seconds' in values)
  t.notOk('etcd_disk_probe_in_memory' in values)
  t.equal(rig.log.records.filter(({ message }) => message === 'The disk probe cannot write').length, 1, 'told once')
  await mkdir(directory)
  await rig.reaches(success, 1)
})

test('the last space of a disk is left to etcd', async (t) => {
  const unshare = ['--map-root-user', '--mount']
  const { code } = await runToEnd('unshare', [...unshare, 'true']).catch(() => ({ code: 1 }))
  if (code !== 0) {
    t.plan(0, 'a small disk cannot be mounted here')
    return
  }
  const folder = await makeFolder('disk-probe')
  const program = [
    process.execPath,
    '--conditions=@leadline/source',
    join(import.meta.dirname, 'disk-probe-program.ts'),
  ]
  const mountAndRun = 'mount -t tmpfs -o size=32m none "$0" && exec "$@" "$0"'
  const server = await startServer({
    command: 'unshare',
    args: [...unshare, 'sh', '-c', mountAndRun, folder.path, ...program],
    ready: /The disk probe cannot write.* result=no_space/,
    folder,
  })
  t.teardown(() => server.stop())
  const { size } = await stat(join(`/proc/${server.pid}/root`, folder.path, probeFileName))
  t.equal(size, 0)
})
