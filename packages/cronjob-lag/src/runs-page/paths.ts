// SPDX-License-Identifier: Apache-2.0
import type { CronJobName } from './find.ts'

/** Where the runs of a CronJob are shown, relative to the route prefix. */
export function runPath({ namespace, name }: CronJobName): string {
  return `runs?${new URLSearchParams({ namespace, cronjob: name }).toString()}`
}

/** Where the CronJobs of a namespace are listed, relative to the route prefix. */
export function namespacePath(namespace: string): string {
  return `runs?${new URLSearchParams({ namespace }).toString()}`
}
