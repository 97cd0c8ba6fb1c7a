// SPDX-License-Identifier: Apache-2.0
import type { ConfigNode } from '@leadline/kit'
import type { Declared, Placed } from '../declared.ts'

/** A value of an object that may be absent; the node is then that of the last mapping on the way. */
interface Found {
  readonly node: ConfigNode
  readonly present: boolean
}

/** What a CronJob's manifest declares. Notes each value of the wrong kind on its node; throws Noted without the needed ones. */
export function declaredByManifest(top: ConfigNode): Declared {
  const spec = (...keys: readonly string[]) => find(top, ['spec', ...keys])
  const jobSpec = (...keys: readonly string[]) => spec('jobTemplate', 'spec', ...keys)
  const schedule = textAt(spec('schedule'))
  const name = textAt(find(top, ['metadata', 'name']))
  return {
    job: undefined,
    name: needed(name, top, 'metadata.name must be set'),
    namespace: textAt(find(top, ['metadata', 'namespace'])).value,
    schedule: needed(schedule, top, 'spec.schedule must be set'),
    timeZone: textAt(spec('timeZone')),
    concurrency: textAt(spec('concurrencyPolicy')),
    startingDeadlineSeconds: wholeAt(spec('startingDeadlineSeconds')),
    activeDeadlineSeconds: wholeAt(jobSpec('activeDeadlineSeconds')),
    succeededKept: wholeAt(spec('successfulJobsHistoryLimit')),
    failedKept: wholeAt(spec('failedJobsHistoryLimit')),
    restartPolicy: textAt(jobSpec('template', 'spec', 'restartPolicy')),
    suspended: truthAt(spec('suspend')),
  }
}

/** The text at a path of keys; undefined when it is absent or none. */
export function textOf(node: ConfigNode, ...keys: readonly string[]): string | undefined {
  const found = find(node, keys)
  return found.present ? found.node.scalar()?.toString('utf8') : undefined
}

/** The node at a path of keys; undefined when it is absent. */
export function nodeAt(node: ConfigNode, ...keys: readonly string[]): ConfigNode | undefined {
  const found = find(node, keys)
  return found.present ? found.node : undefined
}

function find(node: ConfigNode, [key, ...rest]: readonly string[]): Found {
  if (key === undefined) return { node, present: true }
  const inner = node.entries()?.find((entry) => entry.key === key)?.value
  return inner === undefined || inner.isNull ? { node, present: false } : find(inner, rest)
}

function needed({ value, place }: Placed<string | undefined>, top: ConfigNode, message: string): Placed<string> {
  return value === undefined ? top.fail(message) : { value, place }
}

function textAt({ node, present }: Found): Placed<string | undefined> {
  const { place } = node
  if (!present) return { value: undefined, place }
  const value = node.scalar()?.toString('utf8')
  if (value === undefined) return node.fail(`wants text, not ${node.kind}`)
  if (node.isPlain && looksLikeNumber.test(value)) node.note(`wants text; put ${value} in quotes`)
  return { value, place }
}

const looksLikeNumber = /^[-+]?\d[\d_]*(\.\d*)?(e[-+]?\d+)?$|^(true|false)$/i

function wholeAt({ node, present }: Found): Placed<number | undefined> {
  const { place } = node
  if (!present) return { value: undefined, place }
  const text = node.isPlain ? (node.scalar()?.toString('utf8') ?? '') : ''
  // Kubernetes takes 0x400, 1e3 and 1200.0 as well.
  const value = /^\d/.test(text) ? Number(text) : Number.NaN
  if (Number.isSafeInteger(value)) return { value, place }
  node.note(`wants a whole number from 0, without quotes, not ${node.kind}`)
  // What is wrong is not missing, too.
  return { value: Number.NaN, place }
}

/** In YAML 1.1, which kubectl reads, these are true and false too. */
const truths: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  on: true,
  false: false,
  no: false,
  off: false,
}

function truthAt({ node, present }: Found): Placed<boolean> {
  const { place } = node
  if (!present) return { value: false, place }
  const value = node.isPlain ? truths[node.scalar()?.toString('utf8').toLowerCase() ?? ''] : undefined
  if (value === undefined) node.note(`wants true or false, without quotes, not ${node.kind}`)
  return { value: value === true, place }
}
