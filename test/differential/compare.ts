// SPDX-License-Identifier: Apache-2.0
import type { Page, PageFamily } from './exposition.ts'

/** Families whose values are times: only whether they are above zero must agree. */
const volatile = new Set([
  'probe_duration_seconds',
  'probe_dns_lookup_time_seconds',
  'probe_dns_duration_seconds',
  'probe_http_duration_seconds',
])

/** Labels that the peer has since a later release than 0.23, which come with a value in our pages only. */
const laterLabel = /serialnumber="[^"]*",/

/** Every way in which our page differs from the peer's, one line each, as `<metric><labels>: <what>`. */
export function differences(peer: Page, ours: Page): string[] {
  const found: string[] = []
  for (const [name, family] of peer) {
    const other = ours.get(name)
    if (other) found.push(...familyDifferences(name, family, other))
    else found.push(`${name}: only the peer has it`)
  }
  for (const name of ours.keys()) if (!peer.has(name)) found.push(`${name}: only leadline has it`)
  const order = [...ours.keys()]
  if (order.join() !== order.toSorted().join()) found.push('order: families are not sorted by name')
  return found
}

function familyDifferences(name: string, peer: PageFamily, ours: PageFamily): string[] {
  const found: string[] = []
  if (peer.type !== ours.type) found.push(`${name}: type ${peer.type} at the peer, ${ours.type} at leadline`)
  const ourSamples = new Map([...ours.samples].map(([labels, value]) => [labels.replace(laterLabel, ''), value]))
  for (const [labels, value] of peer.samples) {
    const other = ourSamples.get(labels)
    if (other === undefined) found.push(`${name}${labels}: only the peer has it`)
    else if (!agree(name, value, other)) found.push(`${name}${labels}: ${value} at the peer, ${other} at leadline`)
  }
  for (const labels of ourSamples.keys()) {
    if (!peer.samples.has(labels)) found.push(`${name}${labels}: only leadline has it`)
  }
  return found
}

function agree(name: string, peer: number, ours: number): boolean {
  return volatile.has(name) ? Math.sign(peer) === Math.sign(ours) : Object.is(peer, ours)
}
