// SPDX-License-Identifier: Apache-2.0
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Test, test } from 'tap'
import { makeFolder } from '../../../test/servers/folder.ts'
import { readDiskStats } from '../src/disk-probe/disk-stats.ts'
import { readPressure } from '../src/disk-probe/pressure.ts'

const proc = join(import.meta.dirname, 'fixtures', 'proc')

/** A /sys in which each device is where the kernel would put it. */
async function makeSys(t: Test, devices: Readonly<Record<string, string>>): Promise<string> {
  const folder = await makeFolder('sys')
  t.teardown(() => folder.remove())
  await mkdir(join(folder.path, 'dev', 'block'), { recursive: true })
  for (const [device, path] of Object.entries(devices)) {
    const home = join(folder.path, 'devices', path)
    await mkdir(home, { recursive: true })
    if (path.endsWith('sda1')) await writeFile(join(home, 'partition'), '1\n')
    await symlink(join('..', '..', 'devices', path), join(folder.path, 'dev', 'block', device))
  }
  return folder.path
}

test('pressure is a share of time and seconds since boot', async (t) => {
  t.strictSame(
    [...readPressure(proc)],
    [
      ['some', { ratio: 0.125, seconds: 39.860589 }],
      ['full', { ratio: 0.0825, seconds: 28.236245 }],
    ],
  )
})

test('without pressure stall information there is no pressure', async (t) => {
  t.equal(readPressure(join(proc, 'absent')).size, 0)
})

test('a partition is told of as its disk, whose flushes are counted', async (t) => {
  const sys = await makeSys(t, { '8:0': 'pci0/block/sda', '8:1': 'pci0/block/sda/sda1' })
  const disk = {
    name: 'sda',
    writes: 110083,
    writeSeconds: 132.19,
    inFlight: 3,
    busySeconds: 80.96,
    weightedSeconds: 856.2,
    flushes: { count: 1777, seconds: 0.87 },
  }
  t.strictSame(readDiskStats('8:1', { proc, sys }), disk)
  t.strictSame(readDiskStats('8:0', { proc, sys }), disk)
})

test('flushes are unknown where none is counted and on kernels before 5.5', async (t) => {
  const sys = await makeSys(t, {
    '252:0': 'virtual/block/dm-0',
    '104:0': 'pci0/block/cciss!c0d0',
    '254:0': 'pci0/block/vda',
  })
  t.match(readDiskStats('252:0', { proc, sys }), { name: 'dm-0', writes: 8000, flushes: undefined })
  t.match(readDiskStats('104:0', { proc, sys }), { name: 'cciss/c0d0', inFlight: 1, flushes: undefined })
  t.match(readDiskStats('254:0', { proc, sys }), { name: 'vda', weightedSeconds: 0.45, flushes: undefined })
})

test('a file system without a block device has no statistics', async (t) => {
  const sys = await makeSys(t, { '8:0': 'pci0/block/sdz' })
  t.equal(readDiskStats('0:45', { proc, sys }), undefined, 'no such device')
  t.equal(readDiskStats('8:0', { proc, sys }), undefined, 'no such line')
})
