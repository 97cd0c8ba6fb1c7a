// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'

/** Who is held up: at least one task, or all of them at once. */
export const stalls = ['some', 'full'] as const
export type Stall = (typeof stalls)[number]

/** How much time was lost to waiting for I/O. */
export interface Pressure {
  /** Share of the last 10 s, 0 to 1. */
  readonly ratio: number
  /** Since boot. */
  readonly seconds: number
}

/** What proc(5) says in pressure/io; empty where the kernel has no pressure stall information. Touches no disk. */
export function readPressure(procPath: string): ReadonlyMap<Stall, Pressure> {
  try {
    return parsePressure(readFileSync(`${procPath}/pressure/io`, 'utf8'))
  } catch {
    // Without CONFIG_PSI there is no such file; with psi=0 it can be opened, but not read.
    return new Map()
  }
}

function parsePressure(text: string): ReadonlyMap<Stall, Pressure> {
  const found = new Map<Stall, Pressure>()
  for (const stall of stalls) {
    const match = new RegExp(`^${stall} avg10=([\\d.]+) .*total=(\\d+)$`, 'm').exec(text)
    if (match) found.set(stall, { ratio: Number(match[1]) / 100, seconds: Number(match[2]) / 1e6 })
  }
  return found
}
