// SPDX-License-Identifier: Apache-2.0
import { Histogram, type SavedHistogram } from '@leadline/kit'
import type { Outcome, TickOutcome } from '../judge/verdict.ts'
import { addTo, type CountKey, type Counts, countKeys } from './counts.ts'
import { delayBounds, type Stage, stageBounds, stageSeconds, stages, startDelaySeconds } from './delays.ts'

/** A tally as JSON. */
export interface SavedTally {
  readonly cronJobs: readonly (readonly [namespace: string, cronJob: string, counts: SavedCounts])[]
  readonly namespaces: readonly (readonly [namespace: string, counts: SavedCounts])[]
  readonly delays: readonly (readonly [namespace: string, histogram: SavedHistogram])[]
  readonly stages: readonly (readonly [stage: Stage, histogram: SavedHistogram])[]
  readonly clampedDelays: number
}

type SavedCounts = readonly (readonly [key: CountKey, count: number])[]

/**
 * What was counted since ever, apart from the judge: the sums of a namespace must not fall when a CronJob goes, and those
 * of a CronJob are found by its name, as Prometheus finds them.
 */
export class Tally {
  /** By `cronJobKey`. */
  readonly cronJobs: ReadonlyMap<string, Counts>
  readonly namespaces: ReadonlyMap<string, Counts>
  /** Start delays by namespace. */
  readonly delays: ReadonlyMap<string, Histogram>
  readonly stages: ReadonlyMap<Stage, Histogram>
  readonly #bounds: readonly number[]
  readonly #cronJobs: Map<string, Counts>
  readonly #namespaces: Map<string, Counts>
  readonly #delays: Map<string, Histogram>
  #clampedDelays: number

  constructor(objectiveSeconds: number, saved?: SavedTally) {
    this.#bounds = delayBounds(objectiveSeconds)
    const { cronJobs = [], namespaces = [], delays = [], stages: savedStages = [], clampedDelays = 0 } = saved ?? {}
    this.#cronJobs = new Map(
      cronJobs.map(([namespace, name, counts]) => [cronJobKey(namespace, name), new Map(counts)]),
    )
    this.#namespaces = new Map(namespaces.map(([namespace, counts]) => [namespace, new Map(counts)]))
    this.#delays = new Map(delays.map(([namespace, one]) => [namespace, new Histogram(this.#bounds, one)]))
    const byStage = new Map(savedStages)
    this.stages = new Map(stages.map((stage) => [stage, new Histogram(stageBounds, byStage.get(stage))]))
    this.#clampedDelays = clampedDelays
    this.cronJobs = this.#cronJobs
    this.namespaces = this.#namespaces
    this.delays = this.#delays
  }

  /** Delays that came out below zero, since two clocks differ, and count as zero. */
  get clampedDelays(): number {
    return this.#clampedDelays
  }

  count(outcome: Outcome): void {
    const { namespace, cronJob } = outcome
    const keys = countKeys(outcome)
    addTo(entry(this.#cronJobs, cronJobKey(namespace, cronJob), newCounts), keys)
    addTo(entry(this.#namespaces, namespace, newCounts), keys)
    if (outcome.type === 'tick') this.#time(outcome)
  }

  /** Forgets what is of no CronJob and no namespace any more. */
  keep(cronJobs: ReadonlySet<string>, namespaces: ReadonlySet<string>): void {
    for (const key of this.#cronJobs.keys()) if (!cronJobs.has(key)) this.#cronJobs.delete(key)
    for (const namespace of this.#namespaces.keys()) if (!namespaces.has(namespace)) this.#namespaces.delete(namespace)
    for (const namespace of this.#delays.keys()) if (!namespaces.has(namespace)) this.#delays.delete(namespace)
  }

  /** As it is now; what is counted later does not change it. */
  save(): SavedTally {
    return {
      cronJobs: [...this.#cronJobs].map(([key, counts]) => [...splitKey(key), [...counts]] as const),
      namespaces: [...this.#namespaces].map(([namespace, counts]) => [namespace, [...counts]] as const),
      delays: [...this.#delays].map(([namespace, one]) => [namespace, one.save()] as const),
      stages: [...this.stages].map(([stage, one]) => [stage, one.save()] as const),
      clampedDelays: this.#clampedDelays,
    }
  }

  #time(outcome: TickOutcome): void {
    const delay = startDelaySeconds(outcome)
    if (delay !== undefined) {
      const histogram = entry(this.#delays, outcome.namespace, () => new Histogram(this.#bounds))
      histogram.observe(this.#clamped(delay))
    }
    for (const [stage, seconds] of stageSeconds(outcome)) this.stages.get(stage)?.observe(this.#clamped(seconds))
  }

  #clamped(seconds: number): number {
    if (seconds < 0) this.#clampedDelays++
    return Math.max(0, seconds)
  }
}

/** How a tally names a CronJob. */
export function cronJobKey(namespace: string, name: string): string {
  return `${namespace}/${name}`
}

function splitKey(key: string): readonly [string, string] {
  const slash = key.indexOf('/')
  return [key.slice(0, slash), key.slice(slash + 1)]
}

function newCounts(): Counts {
  return new Map()
}

function entry<V>(map: Map<string, V>, key: string, make: () => V): V {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}
