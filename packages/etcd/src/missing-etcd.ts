// SPDX-License-Identifier: Apache-2.0
import { request } from 'undici'
import { usualEndpoint } from './flags.ts'

const patienceMilliseconds = 1000

/** What is missing when no etcd answers at the usual place, as one line; undefined when one does. */
export async function missingEtcd(): Promise<string | undefined> {
  try {
    const { body } = await request(`${usualEndpoint}/version`, { signal: AbortSignal.timeout(patienceMilliseconds) })
    const version: unknown = await body.json()
    if (typeof version === 'object' && version !== null && 'etcdserver' in version) return undefined
  } catch {
    // Whatever answers otherwise is no etcd that can be sounded without being told how.
  }
  return `needs an etcd at ${usualEndpoint}, or to be told where one is: leadline etcd --etcd.endpoints=https://host:2379`
}
