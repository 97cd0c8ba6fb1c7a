// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync, readlinkSync } from 'node:fs'
import { basename, dirname } from 'node:path'

/** Where the kernel's files are; other places in tests. */
export interface KernelPaths {
  readonly proc: string
  readonly sys: string
}

/** The machine's own. */
export const kernelPaths: KernelPaths = { proc: '/proc', sys: '/sys' }

/** What the kernel has counted at a disk since boot; times in seconds. */
export interface DiskStats {
  /** As in `sda`. */
  readonly name: string
  readonly writes: number
  readonly writeSeconds: number
  readonly inFlight: number
  readonly busySeconds: number
  readonly weightedSeconds: number
  /** Undefined before Linux 5.5 and where none was counted: disks made of other disks don't count theirs. */
  readonly flushes: { readonly count: number; readonly seconds: number } | undefined
}

/**
 * Statistics of the disk that a device (`major:minor`) is or is a partition of, since flushes are only counted for whole
 * disks; undefined for a device without a block device, as of overlayfs, tmpfs and btrfs. Touches no disk.
 */
export function readDiskStats(device: string, { proc, sys }: KernelPaths): DiskStats | undefined {
  try {
    const name = diskName(device, sys)
    const lines = readFileSync(`${proc}/diskstats`, 'utf8').split('\n')
    const line = lines.map((text) => text.trim().split(/ +/)).find((columns) => columns[2] === name)
    return line && statsOf(line)
  } catch {
    return undefined
  }
}

function diskName(device: string, sys: string): string {
  const entry = `${sys}/dev/block/${device}`
  const path = readlinkSync(entry)
  const disk = existsSync(`${entry}/partition`) ? dirname(path) : path
  // A slash in the name of a device is an exclamation mark in sysfs.
  return basename(disk).replaceAll('!', '/')
}

/** Columns by Documentation/admin-guide/iostats.rst of Linux, after major, minor and name; its times are milliseconds. */
function statsOf(columns: readonly string[]): DiskStats {
  const field = (number: number): number => Number(columns[number + 2])
  const flushes = columns.length >= 20 && field(16) > 0
  return {
    name: columns[2] ?? '',
    writes: field(5),
    writeSeconds: field(8) / 1000,
    inFlight: field(9),
    busySeconds: field(10) / 1000,
    weightedSeconds: field(11) / 1000,
    flushes: flushes ? { count: field(16), seconds: field(17) / 1000 } : undefined,
  }
}
