// SPDX-License-Identifier: Apache-2.0
import type { NodeReason } from './node-reason.ts'
import { phraseReason } from './phrases.ts'

/** What one reason of a message says. */
export interface Reason {
  readonly reason: NodeReason
  /** The extended resource or the taint that it names. */
  readonly extra: string | undefined
  readonly isKnown: boolean
}

/** No reason of Kubernetes is as long; what is longer is not looked at further. */
const longestReason = 512
const longestExtra = 128

const resources: Readonly<Record<string, NodeReason>> = {
  cpu: 'insufficient_cpu',
  memory: 'insufficient_memory',
  'ephemeral-storage': 'insufficient_storage',
  pods: 'too_many_pods',
}

/** Reads one reason, such as `Insufficient cpu` or `node(s) had untolerated taint {a: b}`. */
export function readReason(text: string): Reason {
  const short = text.slice(0, longestReason)
  const lower = short.toLowerCase()
  if (lower.startsWith('insufficient ')) return insufficient(short.slice('insufficient '.length))
  const reason = phraseReason(lower)
  if (reason === undefined) return { reason: 'unschedulable_other', extra: undefined, isKnown: false }
  return { reason, extra: reason === 'taint' ? taintOf(short) : undefined, isKnown: true }
}

function insufficient(rest: string): Reason {
  const name = rest.trim()
  // Schedulers of others say more here, as of quotas of theirs.
  if (name === '' || name.includes(' ')) return { reason: 'unschedulable_other', extra: undefined, isKnown: false }
  const reason = Object.hasOwn(resources, name) ? resources[name] : undefined
  if (reason !== undefined) return { reason, extra: undefined, isKnown: true }
  return { reason: 'insufficient_extended', extra: copy(name), isKnown: true }
}

/** `key=value` or `key` out of `... {key: value}`, which Kubernetes before 1.36 tells. */
function taintOf(text: string): string | undefined {
  const start = text.indexOf('{')
  const end = text.indexOf('}', start)
  if (start < 0 || end < 0) return undefined
  const taint = text.slice(start + 1, end)
  const colon = taint.indexOf(': ')
  if (colon < 0) return copy(taint.trim())
  const value = taint.slice(colon + 2).trim()
  return copy(value === '' ? taint.slice(0, colon) : `${taint.slice(0, colon)}=${value}`)
}

/** A slice would keep the whole message in memory. */
function copy(text: string): string | undefined {
  return text === '' ? undefined : Buffer.from(text.slice(0, longestExtra)).toString()
}
