// SPDX-License-Identifier: Apache-2.0
import type { Logger } from '@leadline/kit'
import type { Reply, WriteResult } from './result.ts'

/** Age at which a write is told of as hanging; etcd itself warns of a sync from 1 s on. */
const hangSeconds = 5

/** Tells of writes that hang, and of results that are not those of the write before. */
export interface ProbeLog {
  /** A write begins. */
  began(): void
  /** It has ended. */
  replied(reply: Reply): void
  /** No more writes. */
  stop(): void
}

/** A log of the probe of a directory; what goes on as before is not told again. */
export function makeProbeLog(directory: string, log: Logger): ProbeLog {
  let last: WriteResult = 'success'
  let watchdog: NodeJS.Timeout | undefined
  let hangs = false
  let isMemoryTold = false
  const hang = (): void => {
    hangs = true
    log.warn('A write of the disk probe hangs', { directory, seconds: hangSeconds })
  }
  return {
    began() {
      watchdog = setTimeout(hang, hangSeconds * 1000).unref()
    },
    replied(reply) {
      clearTimeout(watchdog)
      const { result } = reply
      if (hangs) log.warn('A write of the disk probe hangs no longer', { directory, result })
      hangs = false
      if (result === 'success') {
        if (last !== 'success') log.info('The disk probe writes again', { directory })
        if (reply.place.isInMemory && !isMemoryTold) {
          isMemoryTold = true
          log.warn("The disk probe writes to memory; give it a directory on etcd's disk", { directory })
        }
      } else if (result !== last) {
        log.error('The disk probe cannot write', { directory, result, err: reply.err })
      }
      last = result
    },
    stop: () => clearTimeout(watchdog),
  }
}
