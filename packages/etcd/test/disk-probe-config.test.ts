// SPDX-License-Identifier: Apache-2.0
import { ConfigError, printConfig, readConfig } from '@leadline/kit'
import { test } from 'tap'
import { diskProbeConfig } from '../src/disk-probe/config.ts'

/** The mistakes in a config, one a line. */
function mistakes(yaml: string): string {
  try {
    readConfig(diskProbeConfig, yaml, 'etcd.yml')
    return ''
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
}

test('the probe is off without a block, and writes once a second with a directory', async (t) => {
  t.equal(diskProbeConfig.absent, undefined)
  const config = readConfig(diskProbeConfig, 'directory: /var/lib/etcd-probe', 'etcd.yml')
  t.strictSame(config, { directory: '/var/lib/etcd-probe', interval: 1 })
  t.strictSame(readConfig(diskProbeConfig, printConfig(diskProbeConfig, config, 2), 'printed'), config)
})

test('the interval is a duration', async (t) => {
  t.equal(readConfig(diskProbeConfig, 'directory: /probe\ninterval: 500ms', 'etcd.yml')?.interval, 0.5)
})

for (const { name, yaml, message } of [
  { name: 'no directory', yaml: 'interval: 1s', message: 'etcd.yml:1:1: directory must be set' },
  { name: 'an empty directory', yaml: 'directory:', message: 'etcd.yml:1:11: directory: directory must be set' },
  {
    name: 'a relative directory',
    yaml: 'directory: probe',
    message: 'etcd.yml:1:12: directory: "probe" is not an absolute path, as in /var/lib/etcd-probe',
  },
  {
    name: "etcd's own directory",
    yaml: 'directory: /var/lib/etcd/member/wal/',
    message:
      'etcd.yml:1:12: directory: /var/lib/etcd/member/wal/ belongs to etcd, which wants no other files there; give a directory beside it on the same disk',
  },
  {
    name: 'an interval that would be a load',
    yaml: 'directory: /probe\ninterval: 10ms',
    message: 'etcd.yml:2:11: interval: the interval is out of range: least 100ms, most 1m',
  },
  {
    name: 'an interval that leaves no recent writes',
    yaml: 'directory: /probe\ninterval: 2m',
    message: 'etcd.yml:2:11: interval: the interval is out of range: least 100ms, most 1m',
  },
  {
    name: 'a wrong key',
    yaml: 'directry: /probe',
    message: 'etcd.yml:1:1: field directry not found; did you mean directory? Allowed here: directory, interval',
  },
]) {
  test(`refused: ${name}`, async (t) => t.equal(mistakes(yaml), message))
}
