// SPDX-License-Identifier: Apache-2.0
import { constants, setPriority } from 'node:os'

/**
 * Has a process go before whatever else the machine computes, where we may: so that a test which runs beside this one
 * does not make it slow. What has no more processor time than it asks for takes none from anybody.
 */
export function prefer(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    setPriority(pid, constants.priority.PRIORITY_ABOVE_NORMAL)
  } catch {
    // Only root may, and the process may have ended.
  }
}
