// SPDX-License-Identifier: Apache-2.0
import {
  duration,
  type Infer,
  type InferFields,
  integer,
  list,
  type ObjectNode,
  object,
  oneOf,
  type Shape,
  text,
} from '@leadline/kit'
import { diskProbeConfig } from './disk-probe/config.ts'
import { clientMetricsUrl, pageUrl } from './member-metrics/page-url.ts'
import { checkMembership, membershipFields } from './membership/config.ts'
import { checkCredentials, credentialsFields } from './rpc/config.ts'

/** Ways to sound writes: `put` makes a revision, `delete` of an absent key makes none, `off` writes nothing at all. */
export const canaries = ['put', 'delete', 'off'] as const

const fields = {
  name: text('Name of the cluster, for the label etcd_cluster.', { absent: 'default', check: nameMistake }),
  ...membershipFields,
  ...credentialsFields,
  interval: duration('How often each member is sounded in each way.', 1),
  read_timeout: duration('Longest wait for a Status or a read.', 1.5),
  write_timeout: duration('Longest wait for a write; etcd itself gives up after 7s with its default timings.', 5),
  canary: oneOf(
    'How writes are sounded: put (one revision each), delete (of a key that is not there: the same way through raft and ' +
      'the disk without a revision), off (nothing is ever written).',
    canaries,
    'put',
  ),
  canary_prefix: text('What the keys that are read and written begin with; a user needs a role for no more than it.', {
    absent: '/leadline/canary/',
    check: (prefix) => (prefix === '' ? 'an empty prefix is that of all keys; name one' : undefined),
  }),
  metrics_url: text(
    `Where a member's own metrics page is: {client_url} and {host} stand for its client URL and its host, as in ` +
      'http://{host}:2381/metrics; off reads none.',
    { absent: clientMetricsUrl, check: metricsUrlMistake },
  ),
  heartbeat_interval: duration("--heartbeat-interval of members whose command line can't be seen.", 0.1),
  election_timeout: duration("--election-timeout of members whose command line can't be seen.", 1),
  quota_backend_bytes: integer("--quota-backend-bytes of members that don't tell it; 0 for not known.", { least: 0 }),
  hash_interval: duration(
    'How often the members compare hashes of their data, which reads all of it, 100 ms for each 100 MB, and needs the ' +
      'role root where authentication is on; 0s for never.',
    3600,
  ),
}

/** One cluster to watch. */
export type ClusterConfig = InferFields<typeof fields>

/** The shape of one cluster. */
export const clusterShape: Shape<ClusterConfig> = object('One etcd cluster.', fields, { check: checkCluster })

/** A whole config file. */
export interface EtcdConfig {
  readonly clusters: readonly ClusterConfig[]
  readonly disk_probe: Infer<typeof diskProbeConfig>
}

/** The shape of a config file. */
export const etcdConfig: Shape<EtcdConfig> = object(
  'What the etcd exporter sounds.',
  { clusters: list('The clusters, each with a name of its own.', clusterShape), disk_probe: diskProbeConfig },
  {
    check({ clusters }, node) {
      const names = clusters.map(({ name }) => name)
      const twice = names.find((name, i) => names.indexOf(name) !== i)
      if (twice !== undefined) node.at('clusters').fail(`two clusters have the name "${twice}"; give each its own name`)
    },
  },
)

function checkCluster(config: ClusterConfig, node: ObjectNode): void {
  checkMembership(config, node)
  checkCredentials(config, node)
  const { interval, read_timeout, write_timeout, heartbeat_interval, election_timeout, hash_interval } = config
  if (interval < 0.1 || interval > 30) node.at('interval').fail('out of range: least 100ms, most 30s')
  for (const [key, value] of Object.entries({ read_timeout, write_timeout, heartbeat_interval, election_timeout })) {
    if (!(value > 0 && value <= 60)) node.at(key).fail('out of range: more than 0s, most 1m')
  }
  if (election_timeout < 5 * heartbeat_interval) {
    node.at('election_timeout').fail('election_timeout is less than 5 heartbeat intervals, which etcd refuses')
  }
  if (hash_interval !== 0 && hash_interval < 60) {
    node.at('hash_interval').fail('out of range: 0s, or least 1m')
  }
}

function nameMistake(name: string): string | undefined {
  return name !== '' && name.length <= 128 ? undefined : 'a name has 1 to 128 characters'
}

function metricsUrlMistake(template: string): string | undefined {
  try {
    pageUrl(template, 'http://127.0.0.1:2379')
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

/** Whether a cluster's config says how to speak TLS; a bare host:port is spoken TLS to then. */
export function hasTls({ tls_config }: ClusterConfig): boolean {
  return Object.values(tls_config).some((value) => value !== '' && value !== false)
}
