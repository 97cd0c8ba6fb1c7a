// SPDX-License-Identifier: Apache-2.0
import type { FleetMember } from './fleet.ts'

/** What the exporter says of one due time. */
export interface ToldRun extends FleetMember {
  readonly tick: number
  /** Undefined while it is open. */
  readonly verdict: string | undefined
  readonly reason: string | undefined
}

interface Told {
  readonly runs: readonly {
    readonly due: { readonly unixSeconds: number }
    readonly verdict: string | null
    readonly reason: string | null
  }[]
}

/** What /runs tells of all CronJobs of a fleet. */
export async function toldRuns(exporterUrl: string, fleet: readonly FleetMember[]): Promise<readonly ToldRun[]> {
  const told: ToldRun[] = []
  for (const { namespace, name } of fleet) {
    const reply = await fetch(`${exporterUrl}runs?namespace=${namespace}&cronjob=${name}&format=json`)
    for (const { due, verdict, reason } of ((await reply.json()) as Told).runs) {
      const [judged, why] = [verdict ?? undefined, reason ?? undefined]
      told.push({ namespace, name, tick: due.unixSeconds, verdict: judged, reason: why })
    }
  }
  return told
}
