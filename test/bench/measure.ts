// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path'
import type { Exporter } from '../servers/peer.ts'
import { runToEnd } from '../servers/process.ts'
import type { Case } from './cases.ts'
import type { LoadOptions, LoadResult } from './load.ts'
import type { TargetUrls } from './targets.ts'
import { cpuSeconds, peakRssBytes } from './usage.ts'

/** How much to measure. */
export interface Amount {
  readonly rounds: number
  readonly probesPerRound: number
  readonly warmUpProbes: number
  readonly concurrency: number
}

/** What one program did in one row. */
export interface Figures {
  readonly probesPerCpuSecond: number
  readonly cpuMicrosecondsPerProbe: number
  readonly probesPerSecond: number
  /** Median over the rounds of each round's quantile, in seconds. */
  readonly p50Seconds: number
  readonly p99Seconds: number
  readonly peakRssBytes: number
}

/** The programs of one row: the peer, us, and the least that Node can cost. */
export interface Programs<T> {
  readonly peer: T
  readonly ours: T
  readonly floor: T
}

/** What they did in it. */
export interface Measurement extends Programs<Figures> {
  readonly row: Case
}

const programs = ['peer', 'ours', 'floor'] as const

interface Round extends LoadResult {
  readonly cpuSeconds: number
}

/** Runs one row: warm-up, then rounds in turn (peer, ours, floor, peer ...), so that a noisy neighbour hits all.
 * Throws when a probe did not succeed. */
export async function measure(
  row: Case,
  exporters: Programs<Exporter>,
  targets: TargetUrls,
  amount: Amount,
): Promise<Measurement> {
  const rounds: Programs<Round[]> = { peer: [], ours: [], floor: [] }
  for (const name of programs) await runRound(row, exporters[name], targets, amount, amount.warmUpProbes)
  for (let round = 0; round < amount.rounds; round++) {
    for (const name of programs) {
      rounds[name].push(await runRound(row, exporters[name], targets, amount, amount.probesPerRound))
    }
  }
  const told = (name: keyof Programs<unknown>): Figures => figures(exporters[name], rounds[name], amount)
  return { row, peer: told('peer'), ours: told('ours'), floor: told('floor') }
}

async function runRound(
  { module, kind, headers = {} }: Case,
  exporter: Exporter,
  targets: TargetUrls,
  { concurrency }: Amount,
  requests: number,
): Promise<Round> {
  const paths = targets[kind].map((target) => `/probe?module=${module}&target=${encodeURIComponent(target)}`)
  const options: LoadOptions = { origin: exporter.url, paths, headers, requests, concurrency }
  const before = cpuSeconds(exporter.pid)
  const args = ['--conditions=@leadline/source', join(import.meta.dirname, 'load.ts'), JSON.stringify(options)]
  const { code, stdout, stderr } = await runToEnd(process.execPath, args)
  if (code !== 0) throw new Error(`load generator: ${stderr}`)
  const result = JSON.parse(stdout) as LoadResult
  if (result.failures > 0) {
    throw new Error(`${exporter.url}${paths[0]}: ${result.failures} probes failed, first: ${result.firstFailure}`)
  }
  return { ...result, cpuSeconds: cpuSeconds(exporter.pid) - before }
}

function figures(exporter: Exporter, rounds: readonly Round[], { probesPerRound }: Amount): Figures {
  const probes = probesPerRound * rounds.length
  const cpu = rounds.reduce((sum, round) => sum + round.cpuSeconds, 0)
  const wall = rounds.reduce((sum, round) => sum + round.seconds, 0)
  return {
    probesPerCpuSecond: probes / cpu,
    cpuMicrosecondsPerProbe: (cpu / probes) * 1e6,
    probesPerSecond: probes / wall,
    p50Seconds: median(rounds.map(({ p50Seconds }) => p50Seconds)),
    p99Seconds: median(rounds.map(({ p99Seconds }) => p99Seconds)),
    peakRssBytes: peakRssBytes(exporter.pid),
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}
