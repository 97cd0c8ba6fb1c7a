// SPDX-License-Identifier: Apache-2.0
import { isAbsolute } from 'node:path'
import { duration, type Infer, type ObjectNode, object, optional, text } from '@leadline/kit'

const leastInterval = 0.1
const mostInterval = 60

const fields = {
  directory: text(
    "Where the probe's file of 4 MiB goes: a directory that exists, on the file system of etcd's write-ahead log, but not etcd's own.",
    { check: directoryMistake },
  ),
  interval: duration('How often to write: 100ms to 1m.', 1),
}

const block = object('Writes and syncs beside etcd, on the host of a member.', fields, {
  required: ['directory'],
  check: checkTogether,
})

/**
 * Settings of the disk probe; undefined when it is off. The directory itself is not looked at here: on a disk that hangs
 * that would hang the exporter, and a config may be checked on another machine.
 */
export const diskProbeConfig = optional(block)

/** Settings of the disk probe. */
export type DiskProbeConfig = Infer<typeof block>

function directoryMistake(directory: string): string | undefined {
  if (!isAbsolute(directory)) return `"${directory}" is not an absolute path, as in /var/lib/etcd-probe`
  if (/\/member\/(wal|snap)\/*$/.test(directory)) {
    return `${directory} belongs to etcd, which wants no other files there; give a directory beside it on the same disk`
  }
  return undefined
}

function checkTogether({ directory, interval }: { directory: string; interval: number }, node: ObjectNode): void {
  if (directory === '') node.at('directory').note('directory must be set')
  if (interval < leastInterval || interval > mostInterval) {
    node.at('interval').note('the interval is out of range: least 100ms, most 1m')
  }
}
