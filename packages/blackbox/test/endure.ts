// SPDX-License-Identifier: Apache-2.0
import v8 from 'node:v8'
import vm from 'node:vm'
import { Executor, type MetricTable, type Outcome, RecordingLogger, readConfig, systemClock } from '@leadline/kit'
import type { Test } from 'tap'
import { startStopwatch } from '../../../test/servers/stopwatch.ts'
import type { Prober } from '../src/prober.ts'
import { isExposition } from './exposition-grammar.ts'

/** A hostile target and what is to become of its probes. */
export interface Ordeal {
  readonly prober: Prober<unknown, MetricTable>
  readonly target: string
  /** The prober's config as YAML; empty for its defaults. */
  readonly yaml?: string
  /** How the probes may end. */
  readonly endings: readonly Outcome['ending'][]
  readonly timeoutSeconds: number
  /** How many probes; 1,000 when absent. */
  readonly runs?: number
  /** How many at a time; 32 when absent. */
  readonly atOnce?: number
  /** Resolves when the target has no connection any more. */
  readonly idle?: () => Promise<void>
}

/** How much later than its timeout a probe may end: the bound that the product promises. */
const slackSeconds = 0.5

/** Bytes by which the heap and the resident set may grow from the first quarter of the probes to the last. */
const heapSlack = 4 * 2 ** 20
const rssSlack = 96 * 2 ** 20

interface Memory {
  /** JavaScript's heap and what lies outside of it for its sake, in bytes. */
  readonly heap: number
  readonly rss: number
}

v8.setFlagsFromString('--expose-gc')
const collectGarbage = vm.runInNewContext('gc') as () => void

/** Probes a hostile target many times and checks time, ending, page, memory, sockets and stray errors. */
export async function endure(t: Test, ordeal: Ordeal): Promise<void> {
  const { runs = 1000, atOnce = 32, idle } = ordeal
  const strays = countStrays(t)
  // What the test before this one closed is gone two turns later: handles are closed behind the immediates of a turn.
  await new Promise(setImmediate)
  await new Promise(setImmediate)
  const resourcesBefore = resources()
  const complaints = new Set<string>()
  const probe = probeOf(ordeal, complaints)
  const warmUp = Math.ceil(runs / 4)
  await repeat(probe, warmUp, atOnce)
  await idle?.()
  const before = await memory()
  await repeat(probe, runs - warmUp, atOnce)
  await idle?.()
  const after = await flatMemory(before)
  t.strictSame([...complaints], [], 'each probe ended as it should, in time and with a valid page')
  t.ok(after.heap < before.heap + heapSlack, `heap went from ${before.heap} to ${after.heap} bytes`)
  t.ok(after.rss < before.rss + rssSlack, `RSS went from ${before.rss} to ${after.rss} bytes`)
  t.strictSame(await settled(resourcesBefore), resourcesBefore, 'no socket or timer is left')
  t.strictSame(strays, [], 'no error went astray')
}

function probeOf(
  { prober, target, yaml = '{}', endings, timeoutSeconds }: Ordeal,
  complaints: Set<string>,
): () => Promise<void> {
  const executor = new Executor(prober)
  const config = readConfig(prober.config, yaml, 'hostile.yml')
  return async () => {
    const log = new RecordingLogger('info', systemClock.unix)
    const stopwatch = startStopwatch()
    const outcome = await executor.execute({ target, config, timeoutSeconds, log, clock: systemClock })
    const { ending, durationSeconds, families } = outcome
    if (!endings.includes(ending)) complaints.add(`ended as ${ending}: ${JSON.stringify(log.records.at(-1)?.fields)}`)
    if (durationSeconds > stopwatch.grown(timeoutSeconds + slackSeconds)) complaints.add(`took ${durationSeconds} s`)
    if (!isExposition(families)) complaints.add(`no exposition: ${JSON.stringify(families)}`)
  }
}

async function repeat(probe: () => Promise<void>, runs: number, atOnce: number): Promise<void> {
  let left = runs
  const lane = async (): Promise<void> => {
    while (left-- > 0) await probe()
  }
  await Promise.all(Array.from({ length: atOnce }, lane))
}

/** The memory, once it is what it was, or after a while: threads that are being ended give theirs back late. */
async function flatMemory(before: Memory): Promise<Memory> {
  const end = systemClock.now() + 5
  let after = await memory()
  while ((after.heap >= before.heap + heapSlack || after.rss >= before.rss + rssSlack) && systemClock.now() < end)
    after = await memory()
  return after
}

async function memory(): Promise<Memory> {
  // Buffers are given back by finalizers, which run between two collections.
  collectGarbage()
  await new Promise(setImmediate)
  collectGarbage()
  const { heapUsed, external, rss } = process.memoryUsage()
  return { heap: heapUsed + external, rss }
}

/** What keeps the event loop alive, counted by kind. */
function resources(): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const kind of process.getActiveResourcesInfo().toSorted()) {
    if (kind !== 'Immediate') counts[kind] = (counts[kind] ?? 0) + 1
  }
  return counts
}

/** The resources, once they are as they were; what is not gone after a while stays. */
async function settled(before: Record<string, number>): Promise<Record<string, number>> {
  const end = systemClock.now() + 5
  while (JSON.stringify(resources()) !== JSON.stringify(before) && systemClock.now() < end)
    await new Promise(setImmediate)
  return resources()
}

function countStrays(t: Test): unknown[] {
  const strays: unknown[] = []
  const keep = (error: unknown): void => void strays.push(error)
  process.on('unhandledRejection', keep).on('uncaughtException', keep)
  t.teardown(() => process.off('unhandledRejection', keep).off('uncaughtException', keep))
  return strays
}
