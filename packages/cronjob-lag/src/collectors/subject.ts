// SPDX-License-Identifier: Apache-2.0
import { type CronJobLagConfig, mostOwnSeries } from '../config.ts'
import type { JudgedCronJob } from '../judge/judge.ts'

/** Labels of what is told of a CronJob; an empty `cronjob`, which Prometheus takes as absent, stands for the namespace. */
export const ofCronJob = {
  namespace: 'namespaces with CronJobs',
  cronjob: `CronJobs: most ${mostOwnSeries} with roll_up: auto, none with namespace`,
} as const

/** The labels of one subject. */
export interface Subject {
  readonly namespace: string
  readonly cronjob: string
}

/** Whether CronJobs are told together by namespace, and stays so once there were too many for auto. */
export function rollUpOf(config: () => CronJobLagConfig): (cronJobs: number) => boolean {
  let wereTooMany = false
  return (cronJobs) => {
    wereTooMany ||= cronJobs > mostOwnSeries
    const { roll_up } = config()
    return roll_up === 'namespace' || (roll_up === 'auto' && wereTooMany)
  }
}

/** CronJobs by what they are told as: one each, or those of a namespace. */
export function subjectsOf(
  cronJobs: Iterable<JudgedCronJob>,
  isRolledUp: boolean,
): readonly (readonly [Subject, readonly JudgedCronJob[]])[] {
  const byKey = new Map<string, readonly [Subject, JudgedCronJob[]]>()
  for (const one of cronJobs) {
    const { namespace, name } = one.facts
    const cronjob = isRolledUp ? '' : name
    const known = byKey.get(`${namespace}/${cronjob}`)
    if (known === undefined) byKey.set(`${namespace}/${cronjob}`, [{ namespace, cronjob }, [one]])
    else known[1].push(one)
  }
  return [...byKey.values()]
}
