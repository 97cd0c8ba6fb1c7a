// SPDX-License-Identifier: Apache-2.0
import { setImmediate } from 'node:timers/promises'
import { defineMetrics, type SetSample, stateModule } from '@leadline/kit'
import type { DiskProbe } from '../disk-probe/disk-probe.ts'
import { type KernelPaths, kernelPaths, readDiskStats } from '../disk-probe/disk-stats.ts'
import { readPressure, stalls } from '../disk-probe/pressure.ts'
import type { DiskProbeView } from '../disk-probe/probe.ts'
import { writeResults } from '../disk-probe/result.ts'
import { durationBounds } from '../duration-bounds.ts'

const device = { device: 'one, the disk that holds the directory' }
const stall = { tasks: stalls.join(', ') }
const diskstats = 'write columns of /proc/diskstats'

const metrics = defineMetrics({
  etcd_disk_probe_duration_seconds: {
    type: 'histogram',
    buckets: durationBounds,
    help: "Duration of an overwrite of 4 KiB in the probe's file with its fdatasync, in seconds; of successful ones only.",
    source: 'monotonic clock around write(2) and fdatasync(2), in a process of their own',
  },
  etcd_disk_probe_in_flight_seconds: {
    type: 'gauge',
    help: 'Age of the write that is under way, in seconds, opening and filling the file included; 0 when none is.',
    source: 'monotonic clock since the write was asked for',
  },
  etcd_disk_probe_writes_total: {
    type: 'counter',
    help: 'Writes of the disk probe that have ended.',
    labels: { result: writeResults.join(', ') },
    source: 'the error of open(2), write(2) or fdatasync(2), or the end of the writing process',
  },
  etcd_disk_probe_last_success_timestamp_seconds: {
    type: 'gauge',
    help: 'Unix time at which a write of the disk probe last succeeded; absent before the first success.',
    source: 'wall clock',
  },
  etcd_disk_probe_recent_p99_seconds: {
    type: 'gauge',
    help: 'The 99th percentile of the successful writes of the last minute, in seconds; absent when there are none.',
    source: 'interpolated between the two nearest durations',
  },
  etcd_disk_probe_recent_max_seconds: {
    type: 'gauge',
    help: 'Longest successful write of the last minute, in seconds; absent when there are none.',
    source: 'the durations of the last minute',
  },
  etcd_disk_probe_restarts_total: {
    type: 'counter',
    help: 'Times that the writing process was started again after it had ended.',
    source: 'the exporter',
  },
  etcd_disk_probe_in_memory: {
    type: 'gauge',
    help: "Whether the probe's directory is on tmpfs or ramfs, so that it says nothing of a disk; absent before the first success.",
    source: 'statfs(2)',
  },
  etcd_disk_probe_io_pressure_ratio: {
    type: 'gauge',
    help: 'Share of the last 10 s in which some or all tasks of the host waited for I/O; absent without PSI in the kernel.',
    labels: stall,
    source: 'avg10 of /proc/pressure/io',
  },
  etcd_disk_probe_io_pressure_seconds_total: {
    type: 'counter',
    help: 'Seconds since boot in which some or all tasks of the host waited for I/O; absent without PSI in the kernel.',
    labels: stall,
    source: 'total of /proc/pressure/io',
  },
  etcd_disk_probe_device_writes_total: {
    type: 'counter',
    help: 'Writes that the disk has completed since boot; absent where no block device is behind the directory.',
    labels: device,
    source: diskstats,
  },
  etcd_disk_probe_device_write_seconds_total: {
    type: 'counter',
    help: 'Seconds that all writes to the disk took together; absent where no block device is behind the directory.',
    labels: device,
    source: diskstats,
  },
  etcd_disk_probe_device_in_flight: {
    type: 'gauge',
    help: 'Requests that the disk is busy with now; absent where no block device is behind the directory.',
    labels: device,
    source: diskstats,
  },
  etcd_disk_probe_device_busy_seconds_total: {
    type: 'counter',
    help: 'Seconds in which the disk had any request; absent where no block device is behind the directory.',
    labels: device,
    source: diskstats,
  },
  etcd_disk_probe_device_weighted_seconds_total: {
    type: 'counter',
    help: 'Seconds times requests under way, so its rate is the mean queue; absent where no block device is behind the directory.',
    labels: device,
    source: diskstats,
  },
  etcd_disk_probe_device_flushes_total: {
    type: 'counter',
    help: 'Cache flushes of the disk since boot; absent before Linux 5.5 and where the kernel counts none.',
    labels: device,
    source: 'flush columns of /proc/diskstats',
  },
  etcd_disk_probe_device_flush_seconds_total: {
    type: 'counter',
    help: 'Seconds that all cache flushes of the disk took together; absent before Linux 5.5 and where the kernel counts none.',
    labels: device,
    source: 'flush columns of /proc/diskstats',
  },
})

type Set = SetSample<typeof metrics>

/** Tells what the disk probe has measured, with what the kernel says of the same disk; nothing while the probe is off. */
export const diskProbe = (probe: Pick<DiskProbe, 'view'>, paths: KernelPaths = kernelPaths) =>
  stateModule({
    name: 'disk_probe',
    metrics,
    async tell(set) {
      // An answer that came while the exporter was held up is read first, lest its write look as if it hung; the second
      // turn is for one that came after the events of the first were fetched.
      await setImmediate()
      await setImmediate()
      const view = probe.view()
      if (view === undefined) return
      reportWrites(view, set)
      reportPressure(paths, set)
      if (view.place !== undefined) reportDevice(view.place.device, paths, set)
    },
  })

function reportWrites(view: DiskProbeView, set: Set): void {
  set('etcd_disk_probe_duration_seconds', view.durations)
  set('etcd_disk_probe_in_flight_seconds', view.inFlightSeconds ?? 0)
  for (const [result, count] of view.totals) set('etcd_disk_probe_writes_total', count, { result })
  set('etcd_disk_probe_restarts_total', view.restarts)
  if (view.lastSuccessAt !== undefined) set('etcd_disk_probe_last_success_timestamp_seconds', view.lastSuccessAt)
  if (view.recent !== undefined) {
    set('etcd_disk_probe_recent_p99_seconds', view.recent.p99Seconds)
    set('etcd_disk_probe_recent_max_seconds', view.recent.maxSeconds)
  }
  if (view.place !== undefined) set('etcd_disk_probe_in_memory', view.place.isInMemory ? 1 : 0)
}

function reportPressure(paths: KernelPaths, set: Set): void {
  for (const [tasks, { ratio, seconds }] of readPressure(paths.proc)) {
    set('etcd_disk_probe_io_pressure_ratio', ratio, { tasks })
    set('etcd_disk_probe_io_pressure_seconds_total', seconds, { tasks })
  }
}

function reportDevice(id: string, paths: KernelPaths, set: Set): void {
  const stats = readDiskStats(id, paths)
  if (stats === undefined) return
  const labels = { device: stats.name }
  set('etcd_disk_probe_device_writes_total', stats.writes, labels)
  set('etcd_disk_probe_device_write_seconds_total', stats.writeSeconds, labels)
  set('etcd_disk_probe_device_in_flight', stats.inFlight, labels)
  set('etcd_disk_probe_device_busy_seconds_total', stats.busySeconds, labels)
  set('etcd_disk_probe_device_weighted_seconds_total', stats.weightedSeconds, labels)
  if (stats.flushes === undefined) return
  set('etcd_disk_probe_device_flushes_total', stats.flushes.count, labels)
  set('etcd_disk_probe_device_flush_seconds_total', stats.flushes.seconds, labels)
}
