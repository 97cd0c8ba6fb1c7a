// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs'
import { join } from 'node:path'
import { type Test, test } from 'tap'
import { makeFolder } from '../../../test/servers/folder.ts'
import {
  deviceText,
  openProbeFile,
  type ProbeFile,
  probeFileName,
  recordBytes,
  ringBytes,
  writeAndSync,
} from '../src/disk-probe/file.ts'
import { failureOf } from '../src/disk-probe/result.ts'

async function makeDirectory(t: Test): Promise<string> {
  const folder = await makeFolder('disk-probe')
  t.teardown(() => folder.remove())
  return folder.path
}

function open(t: Test, directory: string): ProbeFile {
  const file = openProbeFile(directory)
  t.teardown(() => fs.closeSync(file.descriptor))
  return file
}

/** The class of the error of opening the probe's file. */
function failureOfOpening(directory: string): string {
  try {
    openProbeFile(directory)
    return 'none'
  } catch (error) {
    return failureOf(error)
  }
}

test('the file is for the exporter alone, filled, and on the device of its directory', async (t) => {
  const directory = await makeDirectory(t)
  const file = open(t, directory)
  const stat = fs.statSync(join(directory, probeFileName))
  t.equal(stat.mode & 0o777, 0o600)
  t.equal(stat.size, ringBytes)
  t.ok(stat.blocks * 512 >= ringBytes, 'blocks are there, so that a write allocates none')
  t.equal(file.place.device, deviceText(fs.statSync(directory, { bigint: true }).dev))
})

test('writes go round in the file and never make it longer', async (t) => {
  const directory = await makeDirectory(t)
  const file = open(t, directory)
  const path = join(directory, probeFileName)
  const recordsInRing = ringBytes / recordBytes
  file.record.fill(1)
  writeAndSync(file)
  file.next = recordsInRing - 1
  file.record.fill(2)
  writeAndSync(file)
  t.equal(file.next, 0)
  const content = fs.readFileSync(path)
  t.equal(content.length, ringBytes)
  t.strictSame(content.subarray(0, recordBytes), Buffer.alloc(recordBytes, 1))
  const lastAt = (recordsInRing - 1) * recordBytes
  t.strictSame(content.subarray(lastAt, lastAt + recordBytes), Buffer.alloc(recordBytes, 2))
})

test('a file of an earlier run is used again, and only what is missing is filled', async (t) => {
  const directory = await makeDirectory(t)
  const path = join(directory, probeFileName)
  fs.writeFileSync(path, Buffer.alloc(100_000, 7))
  open(t, directory)
  const content = fs.readFileSync(path)
  t.equal(content.length, ringBytes)
  t.strictSame(content.subarray(0, 100_000), Buffer.alloc(100_000, 7))
  const { ino } = fs.statSync(path)
  open(t, directory)
  t.equal(fs.statSync(path).ino, ino)
  t.strictSame(fs.readFileSync(path), content)
})

test('a link in place of the file is not followed', async (t) => {
  const directory = await makeDirectory(t)
  const victim = join(directory, 'victim')
  fs.writeFileSync(victim, 'precious')
  fs.symlinkSync(victim, join(directory, probeFileName))
  t.equal(failureOfOpening(directory), 'other')
  fs.unlinkSync(join(directory, probeFileName))
  fs.linkSync(victim, join(directory, probeFileName))
  t.throws(() => openProbeFile(directory), /is not a file of the probe's own/)
  t.equal(fs.readFileSync(victim, 'utf8'), 'precious')
})

test('failures are classed', async (t) => {
  const directory = await makeDirectory(t)
  t.equal(failureOfOpening(join(directory, 'absent')), 'missing')
  fs.writeFileSync(join(directory, 'file'), '')
  t.equal(failureOfOpening(join(directory, 'file')), 'missing')
  t.equal(failureOf(new Error('no code')), 'other')
})

test('device numbers are decoded as the kernel packs them', async (t) => {
  t.equal(deviceText(0x801n), '8:1')
  t.equal(deviceText(0x110307n), '259:263')
  t.equal(deviceText(0x1000_0000_0301n), '4099:1')
})
