// SPDX-License-Identifier: Apache-2.0

/** What can become of a due tick. */
export const verdicts = ['on_time', 'late', 'lost', 'skipped', 'held', 'unknown'] as const

/** One of `verdicts`. */
export type Verdict = (typeof verdicts)[number]

/** Why a tick was lost. */
export const lostReasons = ['deadline', 'superseded', 'name_clash', 'create_refused', 'never_ran'] as const

/** One of `lostReasons`. */
export type LostReason = (typeof lostReasons)[number]

/** Who ended a run before it ended by itself. */
export const killers = ['cluster', 'replace', 'policy', 'hand'] as const

/** One of `killers`. */
export type Killer = (typeof killers)[number]

/** What was concluded of a tick. */
export interface Conclusion {
  readonly verdict: Verdict
  /** Of a lost tick one of `lostReasons`, of a skipped one `forbid`; undefined otherwise. */
  readonly reason: LostReason | 'forbid' | undefined
}

/** Who ended a run, and how. */
export interface Kill {
  readonly by: Killer
  /** Of `cluster` one of `clusterReasons`, of `policy` `DeadlineExceeded`; undefined otherwise. */
  readonly reason: string | undefined
}

/** Which CronJob an outcome is about. */
export interface Subject {
  readonly uid: string
  readonly namespace: string
  readonly cronJob: string
  /** The due time, in unix seconds. */
  readonly tick: number
}

/** The one final verdict of a tick. Times in unix seconds. */
export interface TickOutcome extends Subject, Conclusion {
  readonly type: 'tick'
  /** The Job that was made for it; undefined when none was seen. */
  readonly job: string | undefined
  readonly createdAt: number | undefined
  readonly scheduledAt: number | undefined
  /** When the first image was there; undefined where no event told. */
  readonly pulledAt: number | undefined
  readonly startedAt: number | undefined
  /** Seconds in which the run was held back on purpose before it started. */
  readonly heldSeconds: number
}

/** A run that something else ended. */
export interface KillOutcome extends Subject, Kill {
  readonly type: 'kill'
  readonly job: string
}

/** What the judge has concluded for good; each is told once. */
export type Outcome = TickOutcome | KillOutcome
