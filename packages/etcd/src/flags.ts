// SPDX-License-Identifier: Apache-2.0
import { defineFlags, type FlagValues } from '@leadline/kit'
import { canaries, clusterShape } from './config.ts'
import { discoveryModes } from './membership/roster.ts'

const absent = clusterShape.absent

/** Flags that stand for a config file with one cluster. */
export const flags = defineFlags({
  'etcd.endpoints': {
    type: 'string',
    absent: '',
    placeholder: 'http://127.0.0.1:2379',
    help: "Client endpoints of members, with commas between them; the others are found by the cluster's member list.",
  },
  'etcd.discovery-srv': {
    type: 'string',
    absent: '',
    placeholder: 'domain',
    help: 'Domain whose SRV records name the members, in place of --etcd.endpoints.',
  },
  'etcd.discovery': {
    type: 'string',
    words: discoveryModes,
    absent: absent.discovery,
    help: 'Whom to sound: members (the endpoints, and listed members beside them), seeds (listed members only), off (the endpoints only).',
  },
  'etcd.canary': {
    type: 'string',
    words: canaries,
    absent: absent.canary,
    help: 'How writes are sounded: put, delete (no revision), or off (nothing is ever written).',
  },
  'etcd.canary-prefix': {
    type: 'string',
    absent: absent.canary_prefix,
    help: 'What the keys that are read and written begin with.',
  },
  'etcd.metrics-url': {
    type: 'string',
    absent: absent.metrics_url,
    help: "Where a member's own metrics page is, as in http://{host}:2381/metrics; off reads none.",
  },
  'etcd.cacert': {
    type: 'string',
    absent: '',
    placeholder: 'file',
    help: 'PEM file with the certificates to trust; read again when it changes, as the next two are.',
  },
  'etcd.cert': { type: 'string', absent: '', placeholder: 'file', help: 'PEM file with the client certificate.' },
  'etcd.key': { type: 'string', absent: '', placeholder: 'file', help: 'PEM file with its key.' },
  'etcd.server-name': {
    type: 'string',
    absent: '',
    placeholder: 'name',
    help: 'Name that the certificates of the members must be valid for, in place of the hosts of their URLs.',
  },
  'etcd.insecure-skip-verify': { type: 'bool', absent: false, help: 'Take any certificate.' },
  'etcd.username': { type: 'string', absent: '', placeholder: 'name', help: 'etcd user.' },
  'etcd.password-file': {
    type: 'string',
    absent: '',
    placeholder: 'file',
    help: 'File with the password of the user.',
  },
  'disk-probe.directory': {
    type: 'string',
    absent: '',
    placeholder: 'directory',
    help: "On a member's host: a directory beside etcd's data, to write and sync in as etcd does.",
  },
})

/** Where a member's clients are served when nothing else is said. */
export const usualEndpoint = 'http://127.0.0.1:2379'

/** The config that stands where neither a file nor a flag says otherwise: the usual place of a member. */
export const builtIn: string = JSON.stringify({ clusters: [{ endpoints: [usualEndpoint] }] })

/** The config that flags come to, as YAML; undefined when none of them is given. */
export function configOf(values: FlagValues<typeof flags>): string | undefined {
  const isGiven = (Object.keys(flags) as (keyof typeof flags)[]).some((name) => values[name] !== flags[name].absent)
  if (!isGiven) return undefined
  const directory = values['disk-probe.directory']
  return JSON.stringify(
    { clusters: [clusterOf(values)], ...(directory !== '' && { disk_probe: { directory } }) },
    undefined,
    1,
  )
}

function clusterOf(values: FlagValues<typeof flags>): Readonly<Record<string, unknown>> {
  const endpoints = values['etcd.endpoints'].split(',').filter((text) => text !== '')
  const srv = values['etcd.discovery-srv']
  return {
    ...(srv === '' && { endpoints: endpoints.length === 0 ? [usualEndpoint] : endpoints }),
    ...(srv !== '' && { discovery_srv: srv, ...(endpoints.length > 0 && { endpoints }) }),
    discovery: values['etcd.discovery'],
    canary: values['etcd.canary'],
    canary_prefix: values['etcd.canary-prefix'],
    metrics_url: values['etcd.metrics-url'],
    username: values['etcd.username'],
    password_file: values['etcd.password-file'],
    tls_config: {
      ca_file: values['etcd.cacert'],
      cert_file: values['etcd.cert'],
      key_file: values['etcd.key'],
      server_name: values['etcd.server-name'],
      insecure_skip_verify: values['etcd.insecure-skip-verify'],
    },
  }
}
