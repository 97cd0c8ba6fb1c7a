// SPDX-License-Identifier: Apache-2.0
import { ConfigError, parseFlags, printConfig, readConfig } from '@leadline/kit'
import { test } from 'tap'
import { etcdConfig } from '../src/config.ts'
import { builtIn, configOf, flags } from '../src/flags.ts'

function mistakes(yaml: string): string {
  try {
    readConfig(etcdConfig, yaml, 'etcd.yml')
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
  return ''
}

/** A cluster with one more line. */
function cluster(line: string): string {
  return `clusters:\n  - endpoints: [http://h:2379]\n    ${line}\n`
}

test('each mistake is told in one line with its place and the mend', async (t) => {
  const table: readonly (readonly [yaml: string, line: string])[] = [
    [cluster('interval: 50ms'), 'etcd.yml:3:15: clusters[0].interval: out of range: least 100ms, most 30s'],
    [cluster('interval: 31s'), 'etcd.yml:3:15: clusters[0].interval: out of range: least 100ms, most 30s'],
    [cluster('read_timeout: 2m'), 'etcd.yml:3:19: clusters[0].read_timeout: out of range: more than 0s, most 1m'],
    [cluster('write_timeout: 0s'), 'etcd.yml:3:20: clusters[0].write_timeout: out of range: more than 0s, most 1m'],
    [
      cluster('heartbeat_interval: 300ms'),
      'etcd.yml:2:5: clusters[0]: election_timeout is less than 5 heartbeat intervals, which etcd refuses',
    ],
    [cluster('hash_interval: 5s'), 'etcd.yml:3:20: clusters[0].hash_interval: out of range: 0s, or least 1m'],
    [
      cluster("canary_prefix: ''"),
      'etcd.yml:3:20: clusters[0].canary_prefix: an empty prefix is that of all keys; name one',
    ],
    [cluster("name: ''"), 'etcd.yml:3:11: clusters[0].name: a name has 1 to 128 characters'],
    [
      cluster('metrics_url: http://h:2381/metrics'),
      'etcd.yml:3:18: clusters[0].metrics_url: metrics URL http://h:2381/metrics: it has neither {client_url} nor {host} in it; it is like ' +
        '{client_url}/metrics, http://{host}:2381/metrics or off',
    ],
    [
      'clusters:\n  - endpoints: [http://a:1]\n  - endpoints: [http://b:1]\n',
      'etcd.yml:2:3: clusters: two clusters have the name "default"; give each its own name',
    ],
    [cluster('canary: maybe'), 'etcd.yml:3:13: clusters[0].canary: "maybe" is not one of put, delete, off'],
  ]
  for (const [yaml, line] of table) t.equal(mistakes(yaml), line)
})

test('several clusters are read, with the defaults of each', async (t) => {
  const yaml =
    'clusters:\n  - {name: a, endpoints: [h:1]}\n  - {name: b, endpoints: [h:2], canary: off, interval: 2s}\n'
  t.match(readConfig(etcdConfig, yaml, 'etcd.yml'), {
    clusters: [
      { name: 'a', interval: 1, canary: 'put', canary_prefix: '/leadline/canary/', hash_interval: 3600 },
      { name: 'b', interval: 2, canary: 'off' },
    ],
    disk_probe: undefined,
  })
})

test('no password is printed', async (t) => {
  const yaml = 'clusters: [{endpoints: [h:1], username: u, password: opensesame}]'
  t.notMatch(printConfig(etcdConfig, readConfig(etcdConfig, yaml, 'etcd.yml'), 2), 'opensesame')
})

test('without flags the usual place is sounded', async (t) => {
  t.equal(configOf(parseFlags(flags, []).values), undefined)
  t.match(readConfig(etcdConfig, builtIn, 'x'), { clusters: [{ endpoints: ['http://127.0.0.1:2379'] }] })
})

test('flags stand for a config with one cluster', async (t) => {
  const argv = [
    '--etcd.endpoints=https://a:2379,https://b:2379',
    '--etcd.discovery=seeds',
    '--etcd.canary=delete',
    '--etcd.canary-prefix=/x/',
    '--etcd.metrics-url=http://{host}:2381/metrics',
    '--etcd.cacert=/ca.pem',
    '--etcd.cert=/c.pem',
    '--etcd.key=/k.pem',
    '--etcd.server-name=etcd',
    '--etcd.username=sounder',
    '--etcd.password-file=/password',
    '--disk-probe.directory=/var/lib/probe',
  ]
  const config = readConfig(etcdConfig, configOf(parseFlags(flags, argv).values) ?? '', 'command line')
  t.match(config, {
    clusters: [
      {
        name: 'default',
        endpoints: ['https://a:2379', 'https://b:2379'],
        discovery: 'seeds',
        canary: 'delete',
        canary_prefix: '/x/',
        metrics_url: 'http://{host}:2381/metrics',
        username: 'sounder',
        password_file: '/password',
        tls_config: { ca_file: '/ca.pem', cert_file: '/c.pem', key_file: '/k.pem', server_name: 'etcd' },
      },
    ],
    disk_probe: { directory: '/var/lib/probe', interval: 1 },
  })
  const srv = configOf(parseFlags(flags, ['--etcd.discovery-srv=example.com', '--etcd.insecure-skip-verify']).values)
  t.match(readConfig(etcdConfig, srv ?? '', 'command line'), {
    clusters: [{ endpoints: [], discovery_srv: 'example.com', tls_config: { insecure_skip_verify: true } }],
  })
  const both = configOf(parseFlags(flags, ['--etcd.discovery-srv=x.y', '--etcd.endpoints=h:1']).values)
  t.throws(() => readConfig(etcdConfig, both ?? '', 'command line'), { message: /mutually exclusive/ })
})
