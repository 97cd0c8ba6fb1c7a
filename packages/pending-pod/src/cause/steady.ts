// SPDX-License-Identifier: Apache-2.0
import type { Cause } from './cause.ts'

/** The cause that is shown of a pod, and what it takes to change it. */
export interface SteadyCause {
  readonly cause: Cause
  /** The furthest stage that the pod has come to. */
  readonly stage: number
  /** Since when, in unix seconds, the pod's own state has been saying something else; undefined when it does not. */
  readonly doubtedSince: number | undefined
}

/** The first cause of a pod. */
export function firstCause(cause: Cause, stage: number): SteadyCause {
  return { cause, stage, doubtedSince: undefined }
}

/**
 * The cause to show when a pod's state says `seen` at `at`. It gives way at once when the pod has come to a further stage than
 * ever, and else once it has not been seen for `holdSeconds`; any sight of it starts that time anew. So reasons that
 * alternate between two looks of a scheduler or kubelet change it no more than once in `holdSeconds`, whatever their order.
 */
export function followCause(
  steady: SteadyCause,
  seen: Cause,
  { stage, at, holdSeconds }: { readonly stage: number; readonly at: number; readonly holdSeconds: number },
): SteadyCause {
  if (stage > steady.stage) return firstCause(seen, stage)
  if (seen === steady.cause) return steady.doubtedSince === undefined ? steady : { ...steady, doubtedSince: undefined }
  if (steady.doubtedSince === undefined) return { ...steady, doubtedSince: at }
  return at - steady.doubtedSince < holdSeconds ? steady : firstCause(seen, steady.stage)
}
