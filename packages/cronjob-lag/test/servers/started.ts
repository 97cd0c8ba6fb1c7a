// SPDX-License-Identifier: Apache-2.0
import type { Admin } from '../../../kube/test/control-plane/admin.ts'
import { cronJobPath, jobPath } from './cron-jobs.ts'

interface CronJob {
  readonly status: { readonly lastScheduleTime?: string }
}

interface Job {
  readonly metadata: { readonly name: string; readonly annotations: Readonly<Record<string, string>> }
}

interface Pod {
  readonly status: { readonly containerStatuses?: readonly { readonly state: Readonly<Record<string, State>> }[] }
}

interface State {
  readonly startedAt?: string
}

/** The last tick that the controller has recorded, in unix seconds; undefined when it has recorded none. */
export async function recordedTick(admin: Admin, cronJob: string): Promise<number | undefined> {
  const { status } = (await admin.get<CronJob>(cronJobPath(cronJob))) ?? {}
  return status?.lastScheduleTime === undefined ? undefined : Date.parse(status.lastScheduleTime) / 1000
}

/** The ticks of the Jobs that a CronJob has, in rising order. */
export async function ticksOfJobs(admin: Admin, cronJob: string, namespace?: string): Promise<readonly number[]> {
  const jobs = await admin.list<Job>(jobPath('', namespace))
  const own = jobs.filter(({ metadata: { name } }) => name.replace(/-\d+$/, '') === cronJob)
  return timesOf(own.map(({ metadata }) => metadata.annotations['batch.kubernetes.io/cronjob-scheduled-timestamp']))
}

/** When the containers of a namespace started, in rising order. */
export async function startsOfContainers(admin: Admin, namespace: string): Promise<readonly number[]> {
  const pods = await admin.list<Pod>(`/api/v1/namespaces/${namespace}/pods`)
  const containers = pods.flatMap(({ status }) => status.containerStatuses ?? [])
  return timesOf(containers.flatMap(({ state }) => Object.values(state).map(({ startedAt }) => startedAt)))
}

function timesOf(texts: readonly (string | undefined)[]): readonly number[] {
  return texts.map((text) => Date.parse(text ?? '') / 1000).toSorted((a, b) => a - b)
}
