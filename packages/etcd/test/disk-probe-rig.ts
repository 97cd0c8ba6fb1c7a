// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync } from 'node:fs'
import { RecordingLogger, systemClock } from '@leadline/kit'
import { type RunOnceResult, runOnce } from '@leadline/kit/testing'
import type { Test } from 'tap'
import { makeFolder } from '../../../test/servers/folder.ts'
import { until } from '../../../test/servers/until.ts'
import { diskProbe } from '../src/collectors/disk-probe.ts'
import { type DiskProbe, makeDiskProbe } from '../src/disk-probe/disk-probe.ts'
import type { KernelPaths } from '../src/disk-probe/disk-stats.ts'

/** A disk probe that writes ten times a second. */
export interface DiskProbeRig {
  readonly directory: string
  readonly probe: DiskProbe
  readonly log: RecordingLogger
  scrape(): Promise<RunOnceResult>
  /** Value of a sample at a scrape, as `name{label="value"}`; 0 when it is absent. */
  value(sample: string): Promise<number>
  /** Resolves when the value of a sample is at least so much. */
  reaches(sample: string, value: number): Promise<void>
  /** Resolves when a message was logged so many times. */
  logged(message: string, times?: number): Promise<void>
  /** ID of the writing process that was started last. */
  writerPid(): number
}

/** What makes a rig other than usual. */
export interface DiskProbeRigOptions {
  /** A temporary one by default. */
  readonly directory?: string
  readonly paths?: KernelPaths
}

/** Starts a disk probe and stops it at the end of the test, when its process must be gone. */
export async function startDiskProbe(t: Test, options: DiskProbeRigOptions = {}): Promise<DiskProbeRig> {
  const folder = await makeFolder('disk-probe')
  const directory = options.directory ?? folder.path
  const log = new RecordingLogger('debug', systemClock.unix)
  const probe = makeDiskProbe({ clock: systemClock, log })
  const collector = diskProbe(probe, options.paths)
  const writerPid = (): number => {
    const started = log.records.findLast(({ message }) => message === 'The process of the disk probe has started')
    return Number(started?.fields?.['pid'])
  }
  probe.configure({ directory, interval: 0.1 })
  t.teardown(async () => {
    probe.configure(undefined)
    await goneAfter(writerPid())
    await folder.remove()
  })
  const scrape = (): Promise<RunOnceResult> => runOnce(collector)
  const value = async (sample: string): Promise<number> => (await scrape()).values[sample] ?? 0
  return {
    directory,
    probe,
    log,
    scrape,
    value,
    writerPid,
    async reaches(sample, least) {
      await until(`${sample} to reach ${least}`, async () => ((await value(sample)) >= least ? true : undefined))
    },
    async logged(message, times = 1) {
      const count = (): number => log.records.filter((record) => record.message === message).length
      await until(`the log line "${message}"`, async () => (count() >= times ? true : undefined))
    },
  }
}

/** Resolves when a process is gone, or dead and only not reaped yet. */
export async function goneAfter(pid: number): Promise<void> {
  await until(`process ${pid} to be gone`, async () => (isGone(pid) ? true : undefined))
}

function isGone(pid: number): boolean {
  try {
    return /^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return !existsSync(`/proc/${pid}`)
  }
}

/** Upper bounds of a histogram, infinity as `+Inf`, to its cumulative counts. */
export function bucketsOf(scraped: RunOnceResult, name: string): Readonly<Record<string, number>> {
  const samples = scraped.families.find((family) => family.name === name)?.samples ?? []
  const buckets = samples.filter(({ suffix }) => suffix === '_bucket')
  return Object.fromEntries(buckets.map(({ labels, value }) => [labels.find(([label]) => label === 'le')?.[1], value]))
}
