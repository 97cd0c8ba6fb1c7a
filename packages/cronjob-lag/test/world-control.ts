// SPDX-License-Identifier: Apache-2.0
import type { Schedule } from '../src/schedule.ts'
import type { World } from './world.ts'
import type { WorldCronJob, WorldJob, WorldPod } from './world-objects.ts'

/** One sync of the CronJob controller, as pkg/controller/cronjob of Kubernetes 1.36 does it. */
export function sync(world: World, cronJob: WorldCronJob): void {
  const jobs = [...world.jobs.values()].filter(({ owner }) => owner?.uid === cronJob.uid)
  cleanHistory(world, cronJob, jobs)
  for (const uid of cronJob.active) {
    const job = world.jobs.get(uid)
    if (job !== undefined && job.end === undefined) continue
    cronJob.active.delete(uid)
    world.tellCronJob(cronJob)
  }
  const now = world.now + world.controllerAhead
  if (cronJob.suspended || now < cronJob.retryAt) return
  const base = cronJob.last ?? cronJob.createdAt
  const tick = newestTick(cronJob.schedule, Math.max(base, now - (cronJob.deadline ?? now)), now)
  if (tick === undefined || tick === cronJob.last) return
  if (cronJob.policy === 'Forbid' && cronJob.active.size > 0) return
  if (cronJob.policy === 'Replace') {
    for (const uid of cronJob.active) {
      const job = world.jobs.get(uid)
      if (job !== undefined) world.deleteJob(job)
    }
    cronJob.active.clear()
  }
  const name = `${cronJob.name}-${Math.floor(tick / 60)}`
  const isTaken = [...world.jobs.values()].some((job) => job.name === name)
  if (world.refusesJobs || isTaken) {
    cronJob.retryAt = now + Math.min(1000, 0.005 * 2 ** cronJob.failures++)
    return
  }
  cronJob.failures = 0
  cronJob.retryAt = 0
  const owner = { uid: cronJob.uid, name: cronJob.name }
  const job = world.makeJob(name, { owner, tick, ttl: cronJob.ttl })
  if (world.diesAfterCreate) {
    world.diesAfterCreate = false
    world.isControllerUp = false
    return
  }
  cronJob.active.add(job.uid)
  cronJob.last = tick
  world.tellCronJob(cronJob)
}

function cleanHistory(world: World, { keeps, active }: WorldCronJob, jobs: readonly WorldJob[]): void {
  const finished = jobs.filter(({ uid, end }) => end !== undefined && !active.has(uid))
  const kinds = [
    [finished.filter(({ end }) => end?.type === 'Complete'), keeps.succeeded],
    [finished.filter(({ end }) => end?.type === 'Failed'), keeps.failed],
  ] as const
  for (const [list, most] of kinds)
    for (const job of list.slice(0, Math.max(0, list.length - most))) world.deleteJob(job)
}

/** The Job controller and the kubelet. */
export function runJob(world: World, job: WorldJob): void {
  if (job.end !== undefined) {
    if (job.ttl !== undefined && world.now >= job.end.at + job.ttl) world.deleteJob(job)
    return
  }
  if (job.suspended) return
  if (job.startTime === undefined) {
    job.startTime = world.now
    world.tellJob(job)
  }
  if (job.deadline !== undefined && world.now >= job.startTime + job.deadline) {
    world.endJob(job, 'Failed', 'DeadlineExceeded')
    return
  }
  const pods = world.podsOf(job)
  const ended = pods.find(({ phase }) => phase === 'Succeeded' || phase === 'Failed')
  if (ended !== undefined) {
    const isGood = ended.phase === 'Succeeded'
    world.endJob(job, isGood ? 'Complete' : 'Failed', isGood ? 'CompletionsReached' : 'BackoffLimitExceeded')
  } else if (pods.length === 0 && !world.refusesPods) {
    makePod(world, job)
  }
  for (const pod of pods) runPod(world, pod, job)
}

function makePod(world: World, job: WorldJob): void {
  const pod: WorldPod = {
    uid: `pod-${++world.made}`,
    name: `${job.name}-x`,
    jobUid: job.uid,
    createdAt: world.now,
    phase: 'Pending',
    reason: undefined,
    gated: world.podsAreGated,
    scheduledAt: undefined,
    startedAt: undefined,
    finishedAt: undefined,
    exitCode: 0,
    waiting: 'ContainerCreating',
    deletedAt: undefined,
    disruption: undefined,
  }
  world.pods.set(pod.uid, pod)
  world.tellPod(pod)
}

function runPod(world: World, pod: WorldPod, job: WorldJob): void {
  if (pod.gated || pod.deletedAt !== undefined) return
  const { startsAfter, runsFor, exitCode = 0, waiting } = world.plan(job.tick ?? 0)
  if (
    pod.phase === 'Pending' &&
    pod.scheduledAt === undefined &&
    (startsAfter !== undefined || waiting !== undefined)
  ) {
    world.changePod(pod, { scheduledAt: world.now, waiting: waiting ?? pod.waiting })
  }
  if (pod.phase === 'Pending' && startsAfter !== undefined && world.now >= pod.createdAt + startsAfter) {
    world.changePod(pod, { phase: 'Running', startedAt: world.now })
  } else if (pod.phase === 'Running' && world.now >= (pod.startedAt ?? 0) + runsFor) {
    world.changePod(pod, { phase: exitCode === 0 ? 'Succeeded' : 'Failed', finishedAt: world.now, exitCode })
  }
}

function newestTick(schedule: Schedule, after: number, until: number): number | undefined {
  let newest: number | undefined
  for (let tick = schedule.next(after); tick !== undefined && tick <= until; tick = schedule.next(tick)) newest = tick
  return newest
}
