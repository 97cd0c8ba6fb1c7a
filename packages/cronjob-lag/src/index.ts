// SPDX-License-Identifier: Apache-2.0

export { type Cause, causes } from './judge/cause.ts'
export { createJudge, type Judge, type JudgedCronJob } from './judge/judge.ts'
export type { OpenState } from './judge/open-state.ts'
export { type JudgeOptions, usualOptions } from './judge/options.ts'
export type { RunRecord } from './judge/run-record.ts'
export type { SavedJudge } from './judge/saved.ts'
export * from './judge/verdict.ts'
export { type CronJobFacts, readCronJob } from './objects/cron-job.ts'
export { type JobFacts, readJob } from './objects/job.ts'
export { type PodFacts, readPod } from './objects/pod.ts'
