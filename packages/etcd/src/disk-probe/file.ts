// SPDX-License-Identifier: Apache-2.0
// Runs in the writing process only: synchronous calls, so that neither a thread pool nor an event loop adds to the times.
import fs from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import type { Place } from './result.ts'

/** Name of the probe's file, which is left behind and used again. */
export const probeFileName = 'leadline-etcd-disk-probe'

/**
 * Bytes of one write: a page, as etcd's log is written in. The 2300 bytes of the usual fio recipe are as much to the disk,
 * but an overwrite of part of a page that is not in memory any more has to read it first, which etcd's log never does.
 */
export const recordBytes = 4096

/**
 * Bytes of the file, a quarter of an hour of writes at one a second. etcd's segments have 64 MB, but to fill as much would
 * hold up the syncs of the etcd beside it.
 */
export const ringBytes = 4 * 2 ** 20

/** Filled in pieces with a sync after each, so that no burst of dirty pages gets in etcd's way. */
const fillBytes = 2 ** 18

/** Bytes that must be left beside the file, one segment of etcd's log: the last space of a disk is etcd's. */
const leftBytes = 64 * 2 ** 20

const recordsInRing = ringBytes / recordBytes

/** statfs(2) types of tmpfs and ramfs. */
const memoryTypes = new Set([0x01021994, 0x858458f6])

/** An open file of the probe. */
export interface ProbeFile {
  readonly descriptor: number
  readonly place: Place
  readonly record: Buffer
  /** Index of the next write in the ring. */
  next: number
}

/**
 * Opens the file in a directory that exists, and fills what of it is not filled yet, so that writes are overwrites: they
 * then cost no journal commit for a new size. Throws the error of the call that failed.
 */
export function openProbeFile(directory: string): ProbeFile {
  const { O_RDWR, O_CREAT, O_NOFOLLOW } = fs.constants
  const descriptor = fs.openSync(join(directory, probeFileName), O_RDWR | O_CREAT | O_NOFOLLOW, 0o600)
  try {
    const stat = fs.fstatSync(descriptor, { bigint: true })
    // In a directory that others may write to, a link would turn the writes on someone else's file.
    if (!stat.isFile() || stat.nlink !== 1n) throw new Error(`${probeFileName} is not a file of the probe's own`)
    const { bavail, bsize, type } = fs.statfsSync(directory)
    const filledBytes = Number(stat.size)
    if (filledBytes < ringBytes && bavail * bsize < ringBytes - filledBytes + leftBytes) {
      throw Object.assign(new Error('less than 64 MiB would be left on the disk'), { errno: -constants.errno.ENOSPC })
    }
    const record = noise(recordBytes)
    fill(descriptor, filledBytes, Buffer.alloc(fillBytes, record))
    const place = { device: deviceText(stat.dev), isInMemory: memoryTypes.has(type) }
    return { descriptor, place, record, next: 0 }
  } catch (error) {
    fs.closeSync(descriptor)
    throw error
  }
}

/** Writes the next record of the ring and waits until the disk has it. Throws the error of the call that failed. */
export function writeAndSync(file: ProbeFile): void {
  writeAll(file.descriptor, file.record, file.next * recordBytes)
  fs.fdatasyncSync(file.descriptor)
  file.next = (file.next + 1) % recordsInRing
}

function fill(descriptor: number, filledBytes: number, filler: Buffer): void {
  for (let at = filledBytes; at < ringBytes; at += fillBytes) {
    writeAll(descriptor, filler.subarray(0, Math.min(fillBytes, ringBytes - at)), at)
    fs.fdatasyncSync(descriptor)
  }
}

function writeAll(descriptor: number, bytes: Buffer, position: number): void {
  let done = 0
  while (done < bytes.length) done += fs.writeSync(descriptor, bytes, done, bytes.length - done, position + done)
}

/** Bytes that a file system can't compress away. */
function noise(size: number): Buffer {
  const bytes = Buffer.alloc(size)
  for (let i = 0; i < size; i++) bytes[i] = Math.random() * 256
  return bytes
}

/** `major:minor` of a device number as stat(2) gives it (Linux's huge encoding). */
export function deviceText(device: bigint): string {
  const major = ((device >> 8n) & 0xfffn) | ((device >> 32n) & 0xfffff000n)
  const minor = (device & 0xffn) | ((device >> 12n) & 0xffffff00n)
  return `${major}:${minor}`
}
