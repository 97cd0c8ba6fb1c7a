// SPDX-License-Identifier: Apache-2.0
import type { Declared, Placed } from '../declared.ts'
import { leastDeadlineSeconds } from '../job/shape.ts'
import type { Finding } from './finding.ts'
import type { RuleName } from './rules.ts'

/** What is wrong with how the runs of a CronJob are started, ended and kept. */
export function* checkPolicy(declared: Declared): Generator<Finding> {
  yield* checkDeadline(declared.startingDeadlineSeconds)
  yield* checkConcurrency(declared)
  yield* checkHistory(declared)
  yield* checkRestartPolicy(declared.restartPolicy)
  if (declared.suspended.value) {
    yield at('suspended', declared.suspended, 'suspended: no run is started; take suspend out to have it run')
  }
}

function at(rule: RuleName, { place }: Placed<unknown>, message: string): Finding {
  return { rule, place, message }
}

function* checkDeadline(deadline: Placed<number | undefined>): Generator<Finding> {
  if (deadline.value === undefined) {
    const message =
      'no startingDeadlineSeconds: a missed run is started however late; set it to how late is still of use'
    yield at('starting-deadline-missing', deadline, message)
  } else if (deadline.value < leastDeadlineSeconds) {
    const message =
      `a starting deadline of ${deadline.value}s loses runs that the controller is a moment late ` +
      `for; use ${leastDeadlineSeconds} or more`
    yield at('starting-deadline-short', deadline, message)
  }
}

const policies = ['Allow', 'Forbid', 'Replace']

function* checkConcurrency({ concurrency, activeDeadlineSeconds }: Declared): Generator<Finding> {
  const { value } = concurrency
  if (value === undefined) {
    const message = 'no concurrencyPolicy: runs overlap; write Forbid, or Allow if that is meant'
    yield at('concurrency-missing', concurrency, message)
  } else if (!policies.includes(value)) {
    const message = `${JSON.stringify(value)} is no concurrencyPolicy; write one of ${policies.join(', ')}`
    yield at('concurrency-unknown', concurrency, message)
  }
  if (value === 'Forbid' && activeDeadlineSeconds.value === undefined) {
    const message =
      'Forbid without activeDeadlineSeconds: a pod that never starts blocks all runs to come; set it in the jobTemplate'
    yield at('forbid-without-timeout', concurrency, message)
  }
}

function* checkHistory({ succeededKept, failedKept }: Declared): Generator<Finding> {
  const proof = 'nothing is left to prove when they ran; keep 1 or more'
  if (succeededKept.value === 0) yield at('history-zero', succeededKept, `no Job that succeeded is kept: ${proof}`)
  if (failedKept.value === 0) yield at('history-zero', failedKept, `no Job that failed is kept: ${proof}`)
}

function* checkRestartPolicy(policy: Placed<string | undefined>): Generator<Finding> {
  if (policy.value === 'Never' || policy.value === 'OnFailure') return
  const what =
    policy.value === undefined ? 'no restartPolicy, which is Always' : `restartPolicy ${JSON.stringify(policy.value)}`
  yield at('restart-policy', policy, `${what}: Kubernetes refuses it in Jobs; write Never`)
}
