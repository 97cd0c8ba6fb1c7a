// SPDX-License-Identifier: Apache-2.0
import { writeFile } from 'node:fs/promises'
import { test } from 'tap'
import { needServer } from '../servers/find.ts'
import { makeFolder } from '../servers/folder.ts'
import { startLeadline } from '../servers/leadline.ts'
import { startPeer } from '../servers/peer.ts'
import { type ConfigCase, configCases } from './configs.ts'

/** Whether a running exporter takes a config. */
async function isTaken(url: string, file: string, { yaml }: ConfigCase): Promise<boolean> {
  await writeFile(file, yaml)
  const { status } = await fetch(`${url}/-/reload`, { method: 'POST' })
  return status === 200
}

test('both programs take and refuse the same configs', async (t) => {
  const peerBinary = needServer(t, 'blackbox_exporter')
  if (!peerBinary) return
  const folder = await makeFolder('configs')
  t.teardown(() => folder.remove())
  const start = 'modules: {m: {prober: tcp}}\n'
  const [peerFile, ourFile] = [await folder.write('peer.yml', start), await folder.write('ours.yml', start)]
  const peer = await startPeer(peerBinary, { configFile: peerFile })
  t.teardown(() => peer.stop())
  const ours = await startLeadline({ configFile: ourFile })
  t.teardown(() => ours.stop())
  for (const each of configCases) {
    const answers = { peer: await isTaken(peer.url, peerFile, each), ours: await isTaken(ours.url, ourFile, each) }
    const expected = { peer: each.isTakenByPeer, ours: each.differs ? !each.isTakenByPeer : each.isTakenByPeer }
    t.strictSame(answers, expected, each.name)
  }
})
