// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import type { Socket } from 'node:net'

/** Which of these processes is at the far end of an accepted IPv4 loopback connection, by Linux' /proc/net/tcp. */
export function processOf(near: Socket, pids: Iterable<number>): number | undefined {
  const { remoteAddress = '', remotePort = 0, localAddress = '', localPort = 0 } = near
  const [from, to] = [kernelForm(remoteAddress, remotePort), kernelForm(localAddress, localPort)]
  const row = readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .find(([, local, remote]) => local === from && remote === to)
  const link = `socket:[${row?.[9]}]`
  for (const pid of pids) if (openFiles(pid).includes(link)) return pid
  return undefined
}

/** `127.0.0.1:80` as `0100007F:0050`. */
function kernelForm(address: string, port: number): string {
  const bytes = address.split('.').toReversed().map(Number)
  return `${Buffer.from(bytes).toString('hex')}:${port.toString(16).padStart(4, '0')}`.toUpperCase()
}

function openFiles(pid: number): string[] {
  const folder = `/proc/${pid}/fd`
  return unlessGone(() => readdirSync(folder)).flatMap((file) => unlessGone(() => [readlinkSync(`${folder}/${file}`)]))
}

/** Processes end and files are closed at any moment. */
function unlessGone(read: () => string[]): string[] {
  try {
    return read()
  } catch {
    return []
  }
}
