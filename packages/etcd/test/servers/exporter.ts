// SPDX-License-Identifier: Apache-2.0
import type { Test } from 'tap'
import { type Exporter, startLeadline } from '../../../../test/servers/exporter.ts'
import { makeFolder } from '../../../../test/servers/folder.ts'
import type { Cluster } from './cluster.ts'

/** Starts the exporter on all members of a cluster, with more keys for the cluster's config. Resolves when each member has
 * been sounded in each way. */
export async function startExporter(
  t: Test,
  cluster: Pick<Cluster, 'members'>,
  config: Readonly<Record<string, unknown>> = {},
): Promise<Exporter> {
  const endpoints = cluster.members.map(({ clientUrl }) => clientUrl)
  const exporter = await startUnsounded(t, endpoints, config)
  const ways = config['canary'] === 'off' ? 3 : 4
  await exporter.shows(
    'the first soundings',
    10,
    (page) => page.count('etcd_endpoint_sounding_recent_max_seconds') >= endpoints.length * ways,
  )
  return exporter
}

/** Starts the exporter on endpoints where no sounding need succeed. Resolves when it serves its page. */
export async function startUnsounded(
  t: Test,
  endpoints: readonly string[],
  config: Readonly<Record<string, unknown>> = {},
): Promise<Exporter> {
  const folder = await makeFolder('etcd-exporter')
  const clusters = [{ name: 'lab', endpoints, members_interval: '1s', ...config }]
  const file = await folder.write('etcd.yml', JSON.stringify({ clusters }))
  // Whatever becomes of the members, the page has to be there.
  return startLeadline(t, { args: ['etcd', `--config.file=${file}`], prefix: 'etcd_', pageSeconds: 1, folder })
}
