// SPDX-License-Identifier: Apache-2.0
import { object, printConfig, readConfig } from '@leadline/kit'
import { test } from 'tap'
import { checkMembership, membershipFields } from '../src/membership/config.ts'

const shape = object('A cluster.', membershipFields, { check: checkMembership })

test('each way to the members is read, with the defaults of the rest', async (t) => {
  t.strictSame(readConfig(shape, 'endpoints: [https://a:2379, b:2379]', 'a.yml'), {
    endpoints: ['https://a:2379', 'b:2379'],
    discovery_srv: '',
    static_pods: undefined,
    discovery: 'members',
    members_interval: 10,
  })
  const srv = readConfig(shape, 'discovery_srv: etcd.example.com\ndiscovery: seeds\nmembers_interval: 30s', 'a.yml')
  t.match(srv, { discovery_srv: 'etcd.example.com', discovery: 'seeds', members_interval: 30 })
  t.strictSame(readConfig(shape, 'static_pods: {}', 'a.yml').static_pods, {
    namespace: 'kube-system',
    label_selector: 'component=etcd',
  })
})

test('a printed config reads to the same again', async (t) => {
  for (const yaml of ['endpoints: [a:2379]\ndiscovery: off', 'static_pods: {namespace: openshift-etcd}']) {
    const config = readConfig(shape, yaml, 'a.yml')
    t.strictSame(readConfig(shape, printConfig(shape, config, 2), 'b.yml'), config)
  }
})

const mistakes: readonly (readonly [yaml: string, message: string])[] = [
  ['discovery: off', 'a.yml:1:1: one of endpoints, discovery_srv and static_pods must be given'],
  [
    'static_pods:',
    'a.yml:1:1: one of endpoints, discovery_srv and static_pods must be given; for static_pods with its defaults write static_pods: {}',
  ],
  [
    '{endpoints: [a:1], discovery_srv: b}',
    'a.yml:1:35: discovery_srv: discovery_srv and endpoints are mutually exclusive',
  ],
  [
    'endpoints: [a]',
    'a.yml:1:13: endpoints[0]: "a" has no port; etcd listens on 2379 unless told otherwise: http://a:2379',
  ],
  ['endpoints: [a:1, http://a:1]', 'a.yml:1:12: endpoints: "http://a:1" is the same endpoint as "a:1"; give it once'],
  [
    'discovery_srv: _etcd-client._tcp.a b',
    'a.yml:1:16: discovery_srv: "_etcd-client._tcp.a b" is not a domain name; it takes the domain alone, as in example.com',
  ],
  ['static_pods: {namespace: ../x}', 'a.yml:1:26: static_pods.namespace: "../x" is not the name of a namespace'],
  [
    '{endpoints: [a:1], discovery: seed}',
    'a.yml:1:31: discovery: "seed" is not one of members, seeds, off; did you mean seeds?',
  ],
  [
    '{endpoints: [a:1], members_interval: 100ms}',
    'a.yml:1:38: members_interval: members_interval is out of range: least 1s, most 1h',
  ],
]

test('each mistake is told in one line', async (t) => {
  for (const [yaml, message] of mistakes) t.throws(() => readConfig(shape, yaml, 'a.yml'), { message }, yaml)
})
