// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import { cpus, release, totalmem } from 'node:os'
import { repositoryRoot } from '../servers/find.ts'
import type { Amount, Figures, Measurement } from './measure.ts'

/** What the reader must know beside the figures. */
export interface Circumstances {
  readonly amount: Amount
  readonly date: Date
  readonly peerVersion: string
  readonly peerCommand: string
  readonly ourCommand: string
}

/** One demand of a row, met or not. */
export interface Verdict {
  readonly text: string
  readonly isMet: boolean
}

/** Holds a measurement against its row's goal; nothing for rows without one. */
export function judge({ row: { goal }, peer, ours }: Measurement): Verdict[] {
  if (!goal) return []
  const ratio = ours.probesPerCpuSecond / peer.probesPerCpuSecond
  const judged = [
    { text: `${ratio.toFixed(2)}x of ${goal.ratio}x`, isMet: ratio >= goal.ratio },
    { text: `p99 ${times(ours.p99Seconds, peer.p99Seconds)}`, isMet: ours.p99Seconds <= peer.p99Seconds },
  ]
  if (goal.peakRssMegabytes !== undefined) {
    const text = `peak RSS ${megabytes(ours.peakRssBytes)} of ${goal.peakRssMegabytes} MB`
    judged.push({ text, isMet: ours.peakRssBytes <= goal.peakRssMegabytes * 1e6 })
  }
  return judged
}

/** The table of all rows as Markdown. */
export function table(measurements: readonly Measurement[]): string {
  const head = [
    '| probe | program | probes per CPU-second | CPU per probe | probes per second | p50 | p99 | peak RSS |',
    '| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |',
  ]
  const rows = measurements.flatMap(({ row, peer, ours, floor }) => [
    line(row.name, 'peer', peer),
    line(row.name, 'leadline', ours),
    line(row.name, 'floor', floor),
    ratios(row.name, '**ratio**', peer, ours),
    ratios(row.name, 'ratio of the floor', peer, floor),
  ])
  return [...head, ...rows].join('\n')
}

/** The verdicts of all rows as a Markdown list. */
export function verdicts(measurements: readonly Measurement[]): string {
  return measurements
    .filter(({ row }) => row.goal)
    .map((each) => {
      const parts = judge(each).map(({ text, isMet }) => `${text} ${isMet ? '(met)' : '(MISSED)'}`)
      return `- ${each.row.name}: ${parts.join(', ')}`
    })
    .join('\n')
}

/** The whole of RESULTS.md. */
export function results(measurements: readonly Measurement[], circumstances: Circumstances): string {
  const { amount, date, peerVersion, peerCommand, ourCommand } = circumstances
  return `# Results of \`npm run bench\`

Written by the benchmark; run it to refresh. Both programs in one run, on the same machine, against the same local
servers, with the same config file (modules.yml): ${amount.rounds} rounds of ${amount.probesPerRound} probes each, in turn, ${amount.concurrency} at a time over
keep-alive connections, after a warm-up of ${amount.warmUpProbes}. CPU time and peak RSS are those of the exporter's process as the kernel
counts them; p50 and p99 are of the whole \`/probe\` reply, the median over the rounds. Targets, load generator and
exporter share the machine. Every probe succeeded. The floor is the least that Node costs: the same conversation over its
sockets behind its bare HTTP server, with a page of fixed text (floor.ts).

- Date: ${date.toISOString().slice(0, 10)}
- Machine: ${machine()}
- leadline: Node ${process.version}, started as \`${ourCommand}\`
- peer: ${peerVersion}, started as \`${peerCommand}\`

${table(measurements)}

Goals: probes per CPU-second as a multiple of the peer's, p99 no worse than the peer's, peak RSS on http.

${verdicts(measurements)}
`
}

/** Hides where on this machine things are. */
export function withoutPlaces(command: string): string {
  return command
    .replaceAll(`${repositoryRoot}/`, '')
    .replaceAll(/\/tmp\/[^ /]+\//g, '')
    .replaceAll(/(^| )\/[^ ]*\//g, '$1')
}

function machine(): string {
  const model = /^model name\s*: (.+)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? 'unknown processor'
  return `${cpus().length} cores of ${model}, ${(totalmem() / 1e9).toFixed(0)} GB, Linux ${release().split('-')[0]}`
}

function line(name: string, program: string, figures: Figures): string {
  const cells = [
    name,
    program,
    figures.probesPerCpuSecond.toFixed(0),
    `${figures.cpuMicrosecondsPerProbe.toFixed(0)} us`,
    figures.probesPerSecond.toFixed(0),
    milliseconds(figures.p50Seconds),
    milliseconds(figures.p99Seconds),
    `${megabytes(figures.peakRssBytes)} MB`,
  ]
  return `| ${cells.join(' | ')} |`
}

function ratios(name: string, title: string, peer: Figures, ours: Figures): string {
  const cells = [
    name,
    title,
    `**${times(ours.probesPerCpuSecond, peer.probesPerCpuSecond)}**`,
    times(ours.cpuMicrosecondsPerProbe, peer.cpuMicrosecondsPerProbe),
    times(ours.probesPerSecond, peer.probesPerSecond),
    times(ours.p50Seconds, peer.p50Seconds),
    times(ours.p99Seconds, peer.p99Seconds),
    times(ours.peakRssBytes, peer.peakRssBytes),
  ]
  return `| ${cells.join(' | ')} |`
}

function times(ours: number, peer: number): string {
  return `${(ours / peer).toFixed(2)}x`
}

function milliseconds(seconds: number): string {
  return `${(seconds * 1000).toFixed(1)} ms`
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0)
}
