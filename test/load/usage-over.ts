// SPDX-License-Identifier: Apache-2.0
import { setTimeout } from 'node:timers/promises'
import { cpuSeconds } from '../bench/usage.ts'

/** CPU time of a process and its descendants over some seconds, in cores. */
export async function coresOver(pid: number, seconds: number): Promise<number> {
  const [cpuBefore, timeBefore] = [cpuSeconds(pid), performance.now()]
  await setTimeout(seconds * 1000)
  return (cpuSeconds(pid) - cpuBefore) / ((performance.now() - timeBefore) / 1000)
}

/** How long a page takes and how big it is: the median of several, one after the other. */
export async function pageCost(url: string, pages = 15): Promise<{ readonly seconds: number; readonly bytes: number }> {
  const seconds: number[] = []
  let bytes = 0
  for (let i = 0; i < pages; i++) {
    const begunAt = performance.now()
    const reply = await fetch(url)
    bytes = (await reply.arrayBuffer()).byteLength
    seconds.push((performance.now() - begunAt) / 1000)
  }
  return { seconds: seconds.toSorted((a, b) => a - b)[Math.floor(pages / 2)] ?? 0, bytes }
}
