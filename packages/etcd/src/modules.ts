// SPDX-License-Identifier: Apache-2.0
import type { Clock, MetricTable, Module } from '@leadline/kit'
import { agreement } from './collectors/agreement.ts'
import { alarmsCollector } from './collectors/alarms.ts'
import { type CredentialsView, certificates } from './collectors/certificates.ts'
import { diskProbe } from './collectors/disk-probe.ts'
import { fault } from './collectors/fault.ts'
import { leadership } from './collectors/leadership.ts'
import { type LabelledMetrics, memberMetrics } from './collectors/member-metrics.ts'
import { membershipCollector, type NamedMembership } from './collectors/membership.ts'
import { quorum } from './collectors/quorum.ts'
import { quota } from './collectors/quota.ts'
import { self } from './collectors/self.ts'
import { soundings } from './collectors/soundings.ts'
import { status } from './collectors/status.ts'
import type { DiskProbe } from './disk-probe/disk-probe.ts'
import type { HeldUp } from './soundings/held-up.ts'
import type { JudgedCluster } from './verdicts/cluster-memory.ts'

/** Where the collectors take what they tell; asked at each scrape. */
export interface Known {
  readonly clusters: () => readonly JudgedCluster[]
  readonly memberships: () => readonly NamedMembership[]
  readonly ownMetrics: () => readonly LabelledMetrics[]
  readonly credentials: () => readonly CredentialsView[]
  readonly disk: Pick<DiskProbe, 'view'>
  readonly heldUp: Pick<HeldUp, 'totalSeconds'>
  readonly clock: Clock
}

/** Every collector of the exporter. */
export function modulesOf(known: Known): readonly Module<unknown, MetricTable>[] {
  const { clusters, memberships, ownMetrics, credentials, disk, heldUp, clock } = known
  return [
    soundings(clusters),
    status(clusters),
    leadership(clusters),
    quorum(clusters),
    fault(clusters),
    quota(clusters),
    alarmsCollector(clusters),
    agreement(clusters, clock),
    membershipCollector(memberships),
    memberMetrics(ownMetrics),
    certificates(credentials),
    diskProbe(disk),
    self(heldUp),
  ]
}
