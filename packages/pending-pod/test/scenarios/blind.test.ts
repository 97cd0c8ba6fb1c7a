// SPDX-License-Identifier: Apache-2.0
import tap, { test } from 'tap'
import { goesBlind, isStale, makeNamespaces, makeSights, seesAgain, warningsOf } from '../servers/blindness.ts'
import {
  causesOf,
  isTelling,
  moreRights,
  overThreshold,
  podRights,
  startExporter,
  startPlane,
  tells,
} from '../servers/lab.ts'

const fileSeconds = 235
tap.setTimeout(fileSeconds * 1000)

/** The longest wait between two attempts, twice as the first may only learn that all must be read anew, and a little more. */
const backSeconds = 30

test('exporters that lose the API server, or a right', { timeout: fileSeconds * 1000 }, async (group) => {
  const plane = await startPlane(group)
  if (!plane) return
  const { admin, apiServer } = plane
  await makeNamespaces(admin)
  const full = await plane.addUser('full', [podRights, moreRights])
  const least = await plane.addUser('least', [podRights])
  const [exporter, narrow, humble] = await Promise.all([
    startExporter(group, full.kubeconfig),
    startExporter(group, full.kubeconfig, '--namespaces=b,none'),
    startExporter(group, least.kubeconfig),
  ])
  await tells(narrow)
  await tells(humble)
  await makeSights(admin, [exporter])

  await group.test(
    'check 25: without rights on namespaces and nodes pods are told, by the threshold for all',
    async (t) => {
      const page = await humble.page()
      t.ok(isTelling(page))
      t.notOk(isStale(page))
      for (const namespace of ['a', 'b']) t.strictSame(causesOf(page, namespace), { insufficient_cpu: 1 })
      t.equal(overThreshold(page, 'b'), 0)
      t.ok(isStale(page, 'namespaces'))
      t.equal(warningsOf(humble, 'namespaces').length, 1)
      t.match(warningsOf(humble, 'namespaces'), [/failure=forbidden .*needs .*namespaces/])
      t.strictSame(warningsOf(humble), [])
      const answer = await fetch(`${humble.url}pending`)
      t.equal(answer.status, 200)
      t.match(await answer.text(), /waits/)
    },
  )

  await group.test('check 25: with --namespaces only those are watched, and their thresholds hold', async (t) => {
    const page = await narrow.page()
    t.ok(isTelling(page))
    t.strictSame(causesOf(page, 'b'), { insufficient_cpu: 1 })
    t.equal(overThreshold(page, 'b'), 1)
    t.strictSame(causesOf(page, 'a'), {})
    t.equal(page.count('pending_pod_left_total'), 0, 'not even what started there')
    t.equal(page.value('pending_pod_watch_objects', { kind: 'pods' }), 1)
  })

  await group.test('check 25: a right on pods that is taken away is told within a minute', async (t) => {
    const before = await exporter.page()
    await full.grant([moreRights])
    await goesBlind(t, exporter, before)
    t.equal(warningsOf(exporter).length, 1, 'one line')
    t.match(warningsOf(exporter), [/failure=forbidden .*needs .*pods/])
    t.notOk(isStale(await exporter.page(), 'namespaces'))
    await full.grant([podRights, moreRights])
    await seesAgain(t, exporter, backSeconds)
  })

  await group.test('check 25: an API server that is gone is told within a minute', async (t) => {
    const lines = warningsOf(exporter).length
    const before = await exporter.page()
    await apiServer.kill()
    await goesBlind(t, exporter, before)
    t.equal(warningsOf(exporter).length, lines + 1, 'one line')
    t.match(warningsOf(exporter).at(-1), /failure=unreachable err="(watch of|GET https:).*\/api\/v1\/pods: /)
    await apiServer.start()
    await seesAgain(t, exporter, backSeconds)
    for (const one of [narrow, humble]) await tells(one, backSeconds)
  })
})
