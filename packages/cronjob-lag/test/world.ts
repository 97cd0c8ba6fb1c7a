// SPDX-License-Identifier: Apache-2.0
import { createJudge, type Judge } from '../src/judge/judge.ts'
import { type JudgeOptions, usualOptions } from '../src/judge/options.ts'
import type { SavedJudge } from '../src/judge/saved.ts'
import type { KillOutcome, Outcome, TickOutcome } from '../src/judge/verdict.ts'
import { readCronJob } from '../src/objects/cron-job.ts'
import { readJob } from '../src/objects/job.ts'
import { readPod } from '../src/objects/pod.ts'
import { readSchedule, type Schedule } from '../src/schedule.ts'
import { runJob, sync } from './world-control.ts'
import {
  cronJobObject,
  jobObject,
  podObject,
  type WorldCronJob,
  type WorldJob,
  type WorldPod,
} from './world-objects.ts'

/** What a pod does once it is made. */
export interface PodPlan {
  /** Seconds from its making to its start; undefined when it never starts. */
  readonly startsAfter: number | undefined
  readonly runsFor: number
  readonly exitCode?: number
  readonly waiting?: string
}

export const objectiveSeconds = 1200

const options: JudgeOptions = {
  ...usualOptions,
  scheduleOf: ({ schedule, timeZone }) => readSchedule(schedule, timeZone),
  objectiveSecondsOf: () => objectiveSeconds,
}

/** 10:00:00 of a Tuesday, UTC. */
export const ten = Date.UTC(2026, 8, 1, 10) / 1000

/** Unix seconds of a time of that day, `10:07:30` or `10:07`. */
export function at(time: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = time.split(':').map(Number)
  return ten + (hours - 10) * 3600 + minutes * 60 + seconds
}

/** The clock of that day, as `10:07` or, off the minute, `10:07:30`. */
export function clock(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(11, seconds % 60 === 0 ? 16 : 19)
}

export function scheduleFor(text: string, timeZone?: string): Schedule {
  const schedule = readSchedule(text, timeZone)
  if (typeof schedule === 'string') throw new Error(`${text}: ${schedule}`)
  return schedule
}

/**
 * A cluster in steps of one second: the CronJob controller of Kubernetes 1.36, a Job
 * controller, a kubelet, and a judge that watches them.
 */
export class World {
  now: number
  judge: Judge = createJudge(options)
  readonly outcomes: Outcome[] = []
  readonly cronJobs = new Map<string, WorldCronJob>()
  readonly jobs = new Map<string, WorldJob>()
  readonly pods = new Map<string, WorldPod>()
  isControllerUp = true
  /** Seconds by which the controller's clock is ahead. */
  controllerAhead = 0
  refusesJobs = false
  refusesPods = false
  /** The controller dies between the next Job it makes and the update of the status. */
  diesAfterCreate = false
  jobsAreSuspended = false
  podsAreGated = false
  jobDeadline: number | undefined
  isWatched = true
  /** How long ago the watches last proved that nothing is missing, which they do by what they tell. */
  provedAgo: (now: number) => number = () => 0
  plan: (tick: number) => PodPlan = () => ({ startsAfter: 2, runsFor: 10 })
  /** For UIDs. */
  made = 0

  constructor(now = at('10:00:30')) {
    this.now = now
    this.relist()
  }

  addCronJob(text: string, more: Partial<WorldCronJob> = {}): WorldCronJob {
    const cronJob: WorldCronJob = {
      uid: `cj-${++this.made}`,
      name: 'backup',
      createdAt: this.now,
      generation: 1,
      text,
      timeZone: more.timeZone,
      schedule: scheduleFor(text, more.timeZone),
      suspended: false,
      policy: 'Allow',
      deadline: undefined,
      keeps: { succeeded: 3, failed: 1 },
      ttl: undefined,
      last: undefined,
      active: new Set(),
      failures: 0,
      retryAt: 0,
      ...more,
    }
    this.cronJobs.set(cronJob.uid, cronJob)
    this.tellCronJob(cronJob)
    return cronJob
  }

  editCronJob(cronJob: WorldCronJob, change: Partial<WorldCronJob>): void {
    Object.assign(cronJob, change)
    if (change.last === undefined) cronJob.generation++
    if (change.text !== undefined) cronJob.schedule = scheduleFor(cronJob.text, cronJob.timeZone)
    this.tellCronJob(cronJob)
  }

  deleteCronJob(cronJob: WorldCronJob): void {
    this.cronJobs.delete(cronJob.uid)
    if (this.isWatched) this.judge.cronJobs.delete(readCronJob(cronJobObject(cronJob)), this.now)
    for (const job of this.jobs.values()) if (job.owner?.uid === cronJob.uid) this.deleteJob(job)
  }

  makeJob(name: string, more: Partial<WorldJob> = {}): WorldJob {
    const job: WorldJob = {
      uid: `job-${++this.made}`,
      name,
      owner: undefined,
      tick: undefined,
      createdAt: this.now,
      deadline: this.jobDeadline,
      ttl: undefined,
      byHand: false,
      suspended: this.jobsAreSuspended,
      resumedAt: undefined,
      startTime: undefined,
      end: undefined,
      ...more,
    }
    this.jobs.set(job.uid, job)
    this.tellJob(job)
    return job
  }

  deleteJob(job: WorldJob): void {
    this.jobs.delete(job.uid)
    if (this.isWatched) this.judge.jobs.delete(readJob(jobObject(job)), this.now)
    for (const pod of this.podsOf(job)) {
      pod.deletedAt ??= this.now
      this.dropPod(pod)
    }
  }

  resumeJob(job: WorldJob): void {
    job.suspended = false
    job.resumedAt = this.now
    this.tellJob(job)
  }

  podsOf(job: WorldJob): WorldPod[] {
    return [...this.pods.values()].filter(({ jobUid }) => jobUid === job.uid)
  }

  changePod(pod: WorldPod, change: Partial<WorldPod>): void {
    Object.assign(pod, change)
    this.tellPod(pod)
  }

  dropPod(pod: WorldPod): void {
    this.pods.delete(pod.uid)
    if (this.isWatched) this.judge.pods.delete(readPod(podObject(pod)), this.now)
  }

  jobOf(clockTime: string): WorldJob {
    const job = [...this.jobs.values()].find(({ tick }) => tick === at(clockTime))
    if (job === undefined) throw new Error(`no Job for ${clockTime}`)
    return job
  }

  /** Goes on until a time of the day. */
  runUntil(clockTime: string | number): void {
    const until = typeof clockTime === 'number' ? clockTime : at(clockTime)
    while (this.now < until) {
      this.now++
      if (this.isControllerUp) for (const cronJob of this.cronJobs.values()) sync(this, cronJob)
      for (const job of this.jobs.values()) runJob(this, job)
      if (this.isWatched) this.advance(this.provedAgo(this.now))
    }
  }

  advance(provedAgo: number): void {
    this.outcomes.push(...this.judge.advance(this.now, this.now - provedAgo))
  }

  /** Lists all objects anew, after which everything is seen again. */
  relist(): void {
    this.isWatched = true
    const { judge, now } = this
    const cronJobs = Array.from(this.cronJobs.values(), (one) => readCronJob(cronJobObject(one)))
    judge.cronJobs.replace(cronJobs, now)
    judge.pods.replace(
      Array.from(this.pods.values(), (one) => readPod(podObject(one))),
      now,
    )
    judge.jobs.replace(
      Array.from(this.jobs.values(), (one) => readJob(jobObject(one))),
      now,
    )
  }

  /** Puts another judge in the place of this one, with what it saved or with nothing. */
  restart(saved: SavedJudge | undefined): void {
    this.judge = createJudge(options, saved && (JSON.parse(JSON.stringify(saved)) as SavedJudge))
    this.relist()
  }

  ticks(): TickOutcome[] {
    return this.outcomes.filter((one) => one.type === 'tick')
  }

  kills(): KillOutcome[] {
    return this.outcomes.filter((one) => one.type === 'kill')
  }

  /** Lines such as `10:07 lost deadline`, in the order of the ticks. */
  verdicts(): string[] {
    const ticks = this.ticks().toSorted((a, b) => a.tick - b.tick)
    return ticks.map(({ tick, verdict, reason }) => [clock(tick), verdict, reason].filter(Boolean).join(' '))
  }

  killed(): string[] {
    return this.kills().map(({ tick, by, reason }) => [clock(tick), by, reason].filter(Boolean).join(' '))
  }

  open() {
    const [first] = this.judge.known().values()
    if (first === undefined) throw new Error('no CronJob is known')
    return first.openState(this.now)
  }

  tellCronJob(cronJob: WorldCronJob): void {
    if (this.isWatched) this.judge.cronJobs.set(readCronJob(cronJobObject(cronJob)), this.now)
  }

  tellJob(job: WorldJob): void {
    if (this.isWatched) this.judge.jobs.set(readJob(jobObject(job)), this.now)
  }

  tellPod(pod: WorldPod): void {
    if (this.isWatched) this.judge.pods.set(readPod(podObject(pod)), this.now)
  }

  endJob(job: WorldJob, type: 'Complete' | 'Failed', reason: string): void {
    job.end = { type, reason, at: this.now }
    for (const pod of this.podsOf(job)) {
      if (pod.phase !== 'Pending' && pod.phase !== 'Running') continue
      this.changePod(pod, { deletedAt: this.now })
      this.dropPod(pod)
    }
    this.tellJob(job)
  }
}
