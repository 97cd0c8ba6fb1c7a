// SPDX-License-Identifier: Apache-2.0
import type { ListenTarget } from './listen.ts'

/** First file descriptor that systemd hands over (sd_listen_fds(3)). */
const firstFd = 3

/** Sockets that systemd handed to this process. Throws when there are none. */
export function systemdSockets(environment: NodeJS.ProcessEnv, pid: number): ListenTarget[] {
  const { LISTEN_PID: owner, LISTEN_FDS: count } = environment
  if (owner === undefined || count === undefined) {
    throw new Error('no socket activation file descriptors found: LISTEN_PID and LISTEN_FDS are not set')
  }
  if (Number(owner) !== pid) {
    throw new Error(`the sockets in LISTEN_FDS are for process ${owner}, this is ${pid}: start it without a wrapper`)
  }
  const length = /^\d+$/.test(count) ? Number(count) : 0
  if (length === 0) throw new Error(`no socket activation file descriptors found: LISTEN_FDS is "${count}"`)
  return Array.from({ length }, (_, i) => ({ fd: firstFd + i }))
}
