// SPDX-License-Identifier: Apache-2.0
import type { JobFacts } from '../objects/job.ts'
import type { PodFacts } from '../objects/pod.ts'
import { clusterKill } from './cluster-kill.ts'

/** What is known of one Job of a CronJob and of its pods. Times in unix seconds; `At` by the API, `seenAt` by our watch. */
export interface Run {
  readonly jobUid: string
  readonly job: string
  readonly tick: number
  readonly isMinute: boolean
  readonly createdAt: number
  lookedAt?: number
  isSuspended?: boolean
  isEnding?: boolean
  /** Whether the status of its CronJob had it as active, without which it stands in no other's way. */
  wasActive?: boolean
  /** Whether pods may have come and gone unseen. */
  isBlind?: boolean
  heldSeconds: number
  /** Since when it is held back on purpose. */
  heldSince?: number
  scheduledAt?: number
  /** When the first image of the first pod was there. */
  pulledAt?: number
  startedAt?: number
  end?: RunEnd
  /** The reason for which the cluster has ended one of its pods. */
  clusterKill?: string
  /** Whether one of its pods ran into a deadline of its own. */
  isOverdue?: boolean
  /** When a pod was taken away, for no reason that the pod tells. */
  podTakenAt?: number
  /** Whether it has got its kill verdict, or had ended or been killed before it was first seen. */
  isKillJudged?: boolean
  /** Whether it ended so long ago that no kill verdict can come any more; not saved, since the Job tells it anew. */
  isSettled?: boolean
  /** When the API server was last heard to refuse one of its pods. */
  podRefusedAt?: number
  /** Whether the Job is gone from the API. */
  isGone?: boolean
  /** Those in the API; not saved. */
  pods: Map<string, PodFacts>
}

/** How a Job ended. `deleted`: while it had not ended; `vanished`: the same, and nobody saw how it had been going. */
export interface RunEnd {
  readonly result: 'complete' | 'failed' | 'deleted' | 'vanished'
  readonly at: number
  readonly seenAt: number
  readonly reason: string
}

/** A run that is seen for the first time; undefined for a Job that was made for no tick. */
export function createRun(job: JobFacts): Run | undefined {
  if (job.tick === undefined) return undefined
  const { uid: jobUid, name, tick, isMinute, createdAt } = job
  const run: Run = { jobUid, job: name, tick, isMinute, createdAt, heldSeconds: 0, pods: new Map() }
  // The pods of a Job that has ended are often gone with it.
  if (job.end !== undefined || job.counts.failed > 0) run.isBlind = true
  // One that was released before has been held from the first, as queues do it.
  if (job.suspended || job.resumedAt !== undefined) run.heldSince = createdAt
  return run
}

/** Takes in a Job as it is at `at`. */
export function applyJob(run: Run, job: JobFacts, at: number): void {
  if (job.lookedAt !== undefined) run.lookedAt = job.lookedAt
  run.isSuspended = job.suspended
  run.isEnding = job.isEnding
  if (job.isRemote) {
    run.isBlind = true
    if (job.counts.ready > 0) markStarted(run, at)
  }
  if (run.end === undefined && job.end !== undefined) run.end = { ...job.end, seenAt: at }
  if (run.end === undefined && job.deletionRequestedAt !== undefined) {
    run.end = { result: 'deleted', at: job.deletionRequestedAt, seenAt: at, reason: '' }
  }
  followHold(run, Math.min(at, job.resumedAt ?? at))
}

/** Takes in that the Job is gone. `isSeen`: its deletion was seen, not found out afterwards. */
export function applyJobGone(run: Run, at: number, isSeen: boolean): void {
  run.isGone = true
  run.end ??= { result: isSeen ? 'deleted' : 'vanished', at, seenAt: at, reason: '' }
}

/** Takes in a pod of the run as it is at `at`. */
export function applyPod(run: Run, pod: PodFacts, at: number): void {
  const before = run.pods.get(pod.uid)
  run.pods.set(pod.uid, pod)
  if (pod.scheduledAt !== undefined) run.scheduledAt ??= pod.scheduledAt
  if (before === undefined && pod.isGated) run.heldSince ??= Math.max(pod.createdAt, run.createdAt)
  followHold(run, Math.min(at, pod.scheduledAt ?? at, pod.startedAt ?? at))
  if (pod.startedAt !== undefined) markStarted(run, pod.startedAt)
  const isOver = pod.phase === 'Failed' || pod.phase === 'Succeeded'
  if (isOver) noteEndOf(run, pod)
  const { deletionRequestedAt } = pod
  if (deletionRequestedAt === undefined || pod.phase === 'Succeeded') return
  const hasEndedBefore = isOver && (pod.finishedAt === undefined || pod.finishedAt < deletionRequestedAt)
  if (!hasEndedBefore && pod.disruption === undefined) run.podTakenAt ??= at
}

/** Takes in that a pod is gone, as it was last. `isSeen`: its deletion was seen, not found out afterwards. */
export function applyPodGone(run: Run, pod: PodFacts, at: number, isSeen: boolean): void {
  if (isSeen) {
    applyPod(run, pod, at)
    const isOver = pod.phase === 'Failed' || pod.phase === 'Succeeded'
    if (!isOver && pod.disruption === undefined) run.podTakenAt ??= at
  }
  if (pod.phase !== 'Succeeded') noteEndOf(run, pod)
  run.pods.delete(pod.uid)
  if (!isSeen && run.startedAt === undefined && run.end === undefined) run.isBlind = true
}

/** Notes whether a run that ended after `horizon`, up to which everything was seen, may have started unseen. */
export function noteUnseenEnd(run: Run, horizon: number): void {
  const { end, pods, startedAt } = run
  if (end !== undefined && end.seenAt > horizon && pods.size === 0 && startedAt === undefined) run.isBlind = true
}

function noteEndOf(run: Run, pod: PodFacts): void {
  const reason = clusterKill(pod)
  if (reason !== undefined) run.clusterKill ??= reason
  if (pod.phase === 'Failed' && pod.reason === 'DeadlineExceeded') run.isOverdue = true
}

function markStarted(run: Run, at: number): void {
  run.startedAt = Math.min(run.startedAt ?? at, at)
}

/** Whether the run is held back on purpose: the Job by its template or a queue, or all of its pods by gates. */
export function isHeld(run: Run): boolean {
  if (run.startedAt !== undefined) return false
  const pods = [...run.pods.values()]
  return run.isSuspended === true || (pods.length > 0 && pods.every(({ isGated }) => isGated))
}

function followHold(run: Run, at: number): void {
  if (isHeld(run)) {
    run.heldSince ??= at
  } else if (run.heldSince !== undefined) {
    run.heldSeconds += Math.max(0, Math.min(at, run.startedAt ?? at) - run.heldSince)
    delete run.heldSince
  }
}
