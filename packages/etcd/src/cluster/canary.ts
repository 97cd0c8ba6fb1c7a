// SPDX-License-Identifier: Apache-2.0
import { hostname } from 'node:os'
import type { ClusterConfig } from '../config.ts'
import type { MemberRpc } from '../rpc/member-rpc.ts'

/** The key that one exporter reads and writes through one member: one for each pair, so that no two ever contend. */
export function canaryKey({ canary_prefix }: Pick<ClusterConfig, 'canary_prefix'>, endpoint: string): string {
  return `${canary_prefix}${hostname()}/${new URL(endpoint).host}`
}

/** The call that sounds a write; undefined when writes are not to be sounded. `unix` gives the value that is put. */
export function canaryCall(
  { canary }: Pick<ClusterConfig, 'canary'>,
  rpc: MemberRpc,
  key: string,
  unix: () => number,
): ((timeoutSeconds: number) => Promise<unknown>) | undefined {
  if (canary === 'off') return undefined
  if (canary === 'delete') return (timeoutSeconds) => rpc.delete(key, timeoutSeconds)
  return (timeoutSeconds) => rpc.put(key, unix().toFixed(3), timeoutSeconds)
}
