// SPDX-License-Identifier: Apache-2.0
import tap, { test } from 'tap'
import { goesBlind, makeNamespaces, makeSights, seesAgain, warningsOf } from '../servers/blindness.ts'
import { moreRights, podRights, startExporter, startPlane } from '../servers/lab.ts'

const fileSeconds = 180
tap.setTimeout(fileSeconds * 1000)

/** For what was under way to be given up, and asked for anew. */
const backSeconds = 60

test('an exporter whose network falls silent', { timeout: fileSeconds * 1000 }, async (group) => {
  const plane = await startPlane(group, { proxy: true })
  if (!plane) return
  const { admin, proxy } = plane
  await makeNamespaces(admin)
  const user = await plane.addUser('reader', [podRights, moreRights])
  const exporter = await startExporter(group, user.kubeconfig)
  await makeSights(admin, [exporter])

  await group.test('check 25: silence is told within a minute, and is no end of any pod', async (t) => {
    const before = await exporter.page()
    proxy.silence()
    await goesBlind(t, exporter, before)
    t.equal(warningsOf(exporter).length, 1, 'one line')
    t.match(warningsOf(exporter), [/failure=silent err="watch of \/api\/v1\/pods: nothing came for 50 s"/])
    proxy.restore()
    await seesAgain(t, exporter, backSeconds)
  })
})
