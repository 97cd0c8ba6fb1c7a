// SPDX-License-Identifier: Apache-2.0
import { usualEndpoint } from './flags.ts'
import { HttpReader } from './http-reader.ts'

const patienceSeconds = 1
/** Bytes; etcd's answer has some 50. */
const longestAnswer = 4096

/** What is missing when no etcd answers at the usual place, as one line; undefined when one does. */
export async function missingEtcd(): Promise<string | undefined> {
  const reader = new HttpReader({ tlsOptions: () => ({}) }, patienceSeconds)
  try {
    const { text } = await reader.read(new URL(`${usualEndpoint}/version`), longestAnswer)
    const version: unknown = JSON.parse(text)
    if (typeof version === 'object' && version !== null && 'etcdserver' in version) return undefined
  } catch {
    // Whatever answers otherwise is no etcd that can be sounded without being told how.
  } finally {
    reader.close()
  }
  return `needs an etcd at ${usualEndpoint}, or to be told where one is: leadline etcd --etcd.endpoints=https://host:2379`
}
