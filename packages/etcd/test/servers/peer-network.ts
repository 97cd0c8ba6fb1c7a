// SPDX-License-Identifier: Apache-2.0
import type { Socket } from 'node:net'
import type { Fault } from '../../../../test/servers/tcp-link.ts'
import { type Address, type FaultyProxy, startFaultyProxy } from '../../../../test/servers/tcp-proxy.ts'
import { processOf } from './process-of.ts'

/** The network between the members, with a proxy in front of each one's peer port. */
export interface PeerNetwork {
  /** Does this to all traffic between a member and the others, whichever of them made the connection. */
  set(name: string, fault: Fault): void
  /** Puts a proxy in front of a member. */
  join(name: string, listen: Address, target: Address): Promise<void>
  close(): Promise<void>
}

/** Makes a network between members whose process IDs, once they have started, `pids` gives with their names. */
export function makePeerNetwork(pids: () => ReadonlyMap<number, string>): PeerNetwork {
  const faults = new Map<string, Fault>()
  const proxies: FaultyProxy[] = []
  const judge = (to: string) => (near: Socket) => {
    let from: string | undefined
    return (): Fault => {
      if (faults.size === 0) return 'pass'
      // A member's messages travel on connections that the others make too, so who calls matters as well.
      from ??= pids().get(processOf(near, pids().keys()) ?? 0)
      return faults.get(to) ?? faults.get(from ?? '') ?? 'pass'
    }
  }
  return {
    set(name, fault) {
      if (fault === 'pass') faults.delete(name)
      else faults.set(name, fault)
      for (const proxy of proxies) proxy.apply()
    },
    async join(name, listen, target) {
      proxies.push(await startFaultyProxy(listen, target, judge(name)))
    },
    async close() {
      await Promise.all(proxies.map((proxy) => proxy.close()))
    },
  }
}
