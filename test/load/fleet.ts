// SPDX-License-Identifier: Apache-2.0
import { cronJobManifest, cronJobPath } from '../../packages/cronjob-lag/test/servers/cron-jobs.ts'
import type { Admin } from '../../packages/kube/test/control-plane/admin.ts'

/** A CronJob of a fleet. */
export interface FleetMember {
  readonly namespace: string
  readonly name: string
}

const atOnce = 32

/** Makes namespaces, and the same number of CronJobs in each. */
export async function makeFleet(
  admin: Admin,
  { namespaces, each, schedule }: { readonly namespaces: number; readonly each: number; readonly schedule: string },
): Promise<readonly FleetMember[]> {
  const names = Array.from({ length: namespaces }, (_, i) => `team-${i}`)
  for (const name of names) await admin.create('/api/v1/namespaces', { metadata: { name } })
  const fleet = names.flatMap((namespace) =>
    Array.from({ length: each }, (_, i) => ({ namespace, name: `job-${String(i).padStart(4, '0')}` })),
  )
  const queue = fleet.values()
  const worker = async (): Promise<void> => {
    for (const { namespace, name } of queue) {
      await admin.create(cronJobPath('', namespace), cronJobManifest(name, { schedule }))
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return fleet
}
