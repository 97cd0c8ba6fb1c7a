// SPDX-License-Identifier: Apache-2.0
import type { Cluster } from '../../src/client/cluster.ts'
import type { Query } from '../../src/client/query.ts'
import type { Admin } from '../control-plane/admin.ts'
import type { Rule } from '../control-plane/users.ts'

/** What a watch of CronJobs needs. */
export const cronJobReader: readonly Rule[] = [
  { apiGroups: ['batch'], resources: ['cronjobs'], verbs: ['watch', 'list', 'get'] },
]

/** CronJobs that never run, in a namespace of their own. */
export interface CronJobs {
  /** Path of the collection. */
  readonly path: string
  add(...names: readonly string[]): Promise<void>
  change(name: string, schedule: string): Promise<void>
  remove(name: string): Promise<void>
}

/** Makes the namespace. */
export async function makeCronJobs(admin: Admin, namespace: string): Promise<CronJobs> {
  await admin.create('/api/v1/namespaces', { metadata: { name: namespace } })
  const path = `/apis/batch/v1/namespaces/${namespace}/cronjobs`
  const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'none' }] } }
  return {
    path,
    async add(...names) {
      for (const name of names) {
        const spec = { schedule: '0 0 1 1 *', suspend: true, jobTemplate: { spec: { template } } }
        await admin.create(path, { metadata: { name }, spec })
      }
    },
    async change(name, schedule) {
      await admin.patch(`${path}/${name}`, { spec: { schedule } })
    },
    remove: (name) => admin.delete(`${path}/${name}`),
  }
}

/** What a watch asked for. */
export interface Asked {
  readonly lists: string[]
  readonly watches: Query[]
}

/** A cluster that notes which lists and watches it is asked for. */
export function noting(cluster: Cluster): Pick<Cluster, 'list' | 'stream'> & { readonly asked: Asked } {
  const asked: Asked = { lists: [], watches: [] }
  return {
    asked,
    list(path, options) {
      asked.lists.push(path)
      return cluster.list(path, options)
    },
    stream(path, options) {
      asked.watches.push(options.query ?? {})
      return cluster.stream(path, options)
    },
  }
}
