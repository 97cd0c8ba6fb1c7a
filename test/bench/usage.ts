// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'

/** Linux tells CPU times in ticks of USER_HZ, which is 100 on every architecture that Node runs on. */
const ticksPerSecond = 100

/** CPU time in seconds, user and system, that a process and its descendants took so far. */
export function cpuSeconds(pid: number): number {
  let ticks = 0
  for (const each of tree(pid)) {
    // The name, in brackets, may hold spaces; utime and stime are fields 14 and 15 of proc_pid_stat(5).
    const fields = readFileSync(`/proc/${each}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    ticks += Number(fields[11]) + Number(fields[12])
  }
  return ticks / ticksPerSecond
}

/** The most memory that a process and its descendants ever held, in bytes. */
export function peakRssBytes(pid: number): number {
  let bytes = 0
  for (const each of tree(pid)) {
    const match = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${each}/status`, 'utf8'))
    bytes += Number(match?.[1]) * 1024
  }
  return bytes
}

/** The command line as the kernel has it. */
export function commandLine(pid: number): string {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim()
}

/** A launcher may start the program proper as a child, so descendants count. */
function tree(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
  return [pid, ...(children === '' ? [] : children.split(' ').flatMap((child) => tree(Number(child))))]
}
