// SPDX-License-Identifier: Apache-2.0
import type { Run } from './run.ts'
import type { Conclusion } from './verdict.ts'

/** What the verdict of a run goes by. */
export interface RunRules {
  readonly objectiveSeconds: number
  readonly settleSeconds: number
}

/** The verdict of a tick whose Job was seen, as of `now`; undefined while it is open. */
export function concludeRun(
  tick: number,
  run: Run,
  { objectiveSeconds, settleSeconds }: RunRules,
  now: number,
): Conclusion | undefined {
  if (run.startedAt !== undefined) return concludeStart(run.startedAt - tick, run.heldSeconds, objectiveSeconds)
  const { end } = run
  // The last of the pods may be seen after the end of their Job.
  if (end === undefined || now < end.seenAt + settleSeconds) return undefined
  if (end.result === 'complete') return concluded(end.at - tick <= objectiveSeconds ? 'on_time' : 'unknown')
  if (run.heldSince !== undefined) return concluded('held')
  if (run.isBlind || end.result === 'vanished') return concluded('unknown')
  return { verdict: 'lost', reason: 'never_ran' }
}

/** Late only by being held is neither good nor bad. */
function concludeStart(delaySeconds: number, heldSeconds: number, objectiveSeconds: number): Conclusion {
  if (delaySeconds <= objectiveSeconds) return concluded('on_time')
  return concluded(delaySeconds - heldSeconds <= objectiveSeconds ? 'held' : 'late')
}

function concluded(verdict: Conclusion['verdict']): Conclusion {
  return { verdict, reason: undefined }
}
