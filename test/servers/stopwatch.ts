// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'

/** No bound grows beyond as many times its seconds, however busy the machine is. */
const mostSlowdown = 8

/** Counts from the moment that it was started. */
export interface Stopwatch {
  /** Since then, in seconds. */
  readonly seconds: number
  /** What a bound in seconds comes to on this machine. */
  grown(boundSeconds: number): number
  /** What is left of a bound that was set at the start, in seconds, as it has grown; below 0 when it is over. */
  left(boundSeconds: number): number
}

/**
 * Starts a stopwatch for what an exporter or a server promises in seconds. A machine that is busy with something else
 * can't keep that to the second, so bounds grow by as much as this process was slower since: by the time that it waited
 * for a processor, and that the host took from the machine. Where Linux does not tell, they stay as they are.
 */
export function startStopwatch(): Stopwatch {
  const beganAt = performance.now()
  const began = readAccount()
  const stopwatch = {
    get seconds() {
      return (performance.now() - beganAt) / 1000
    },
    grown: (boundSeconds: number) => boundSeconds * slowdown(began, readAccount()),
    left: (boundSeconds: number) => stopwatch.grown(boundSeconds) - stopwatch.seconds,
  }
  return stopwatch
}

/** What Linux has counted. */
interface Account {
  /** Nanoseconds that this process has run, and has waited for a processor. */
  readonly run: number
  readonly waited: number
  /** Ticks that the machine's processors were at work, and were at the host's. */
  readonly busy: number
  readonly stolen: number
}

function slowdown(from: Account, to: Account): number {
  const [run, waited] = [to.run - from.run, to.waited - from.waited]
  const [busy, stolen] = [to.busy - from.busy, to.stolen - from.stolen]
  const byOthers = run > 0 ? (run + waited) / run : 1
  const byHost = busy > 0 ? (busy + stolen) / busy : 1
  return Math.min(byOthers * byHost, mostSlowdown)
}

/** Linux's /proc/self/schedstat and the first line of /proc/stat (proc(5)); zeros elsewhere. */
function readAccount(): Account {
  try {
    const [run = 0, waited = 0] = numbersOf(readFileSync('/proc/self/schedstat', 'utf8'))
    const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, stolen = 0] = numbersOf(
      /^cpu +(.*)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1] ?? '',
    )
    return { run, waited, busy: user + nice + system + irq + softirq, stolen }
  } catch {
    return { run: 0, waited: 0, busy: 0, stolen: 0 }
  }
}

function numbersOf(line: string): number[] {
  return line.trim().split(/ +/).map(Number)
}
