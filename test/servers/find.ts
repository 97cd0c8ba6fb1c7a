// SPDX-License-Identifier: Apache-2.0
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Test } from 'tap'

/** The repository's root folder. */
export const repositoryRoot: string = join(import.meta.dirname, '..', '..')

/** Where `npm run servers` links the real servers. */
export const serversBin: string = join(repositoryRoot, '.servers', 'bin')

/** The names that tests ask for. */
export type ServerName =
  | 'prometheus'
  | 'promtool'
  | 'blackbox_exporter'
  | 'nsd'
  | 'etcd_3_4'
  | 'etcd_3_5'
  | 'etcd_3_7'
  | 'strace'
  | 'kube_apiserver'
  | 'kube_controller_manager'
  | 'kube_scheduler'
  | 'kwok'

/** Path of a real server's executable: first in .servers/bin, then on PATH; undefined when it is in neither. */
export function findServer(name: ServerName): string | undefined {
  return executable(join(serversBin, name)) ?? findOnPath(name)
}

/** Path of the first executable of this name on PATH. */
export function findOnPath(name: string, path: string = process.env['PATH'] ?? ''): string | undefined {
  for (const folder of path.split(delimiter)) {
    const found = folder === '' ? undefined : executable(join(folder, name))
    if (found) return found
  }
  return undefined
}

/** Path of a real server, or undefined after the test was skipped for want of it; with LEADLINE_REQUIRE_SERVERS=1 the
 * test fails instead. Call it before any assertion, and return when it gives undefined. */
export function needServer(t: Test, name: ServerName): string | undefined {
  const path = findServer(name)
  if (path) return path
  const reason = `${name} is missing: npm run servers`
  if (process.env['LEADLINE_REQUIRE_SERVERS'] === '1') t.fail(reason)
  else t.plan(0, reason)
  return undefined
}

function executable(path: string): string | undefined {
  try {
    accessSync(path, constants.X_OK)
    return path
  } catch {
    return undefined
  }
}
