// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Test } from 'tap'
import { needServer } from '../servers/find.ts'
import { makeFolder } from '../servers/folder.ts'
import { startLeadline } from '../servers/leadline.ts'
import { startPeer } from '../servers/peer.ts'
import { startTargets, type Targets } from './targets/all.ts'

/** Both programs over one config file, and what they probe. */
export interface Both {
  /** Base URLs, without a slash at the end. */
  readonly peer: string
  readonly ours: string
  readonly targets: Targets
}

/** Starts both programs and every target for the length of a test; undefined after skipping the test for want of a
 * real server. */
export async function startBoth(t: Test, flags: readonly string[] = []): Promise<Both | undefined> {
  const peerBinary = needServer(t, 'blackbox_exporter')
  const nsd = peerBinary && needServer(t, 'nsd')
  if (!nsd) return undefined
  const folder = await makeFolder('differential')
  t.teardown(() => folder.remove())
  const { targets, certificate, close } = await startTargets(nsd)
  t.teardown(close)
  await folder.write('ca.pem', certificate)
  const template = await readFile(join(import.meta.dirname, 'blackbox.yml'), 'utf8')
  const configFile = await folder.write('blackbox.yml', template.replaceAll('PROXY', targets.proxy))
  const options = { configFile, flags, cwd: folder.path }
  const peer = await startPeer(peerBinary, options)
  t.teardown(() => peer.stop())
  const ours = await startLeadline(options)
  t.teardown(() => ours.stop())
  return { peer: peer.url, ours: ours.url, targets }
}
