// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises'
import { test } from 'tap'
import { workloadKinds } from '../src/owner.ts'
import { speakers } from '../src/pending-page/said.ts'
import { atWork, refused } from './objects.ts'
import { ask, askJson, gatedWaiter, nodeOf, now, viewOf, waiter } from './pending-rig.ts'

test('nothing that comes from outside is taken for markup, or for a shell', async (t) => {
  const evil = `"><script>alert('x')</script>&`
  const identity = { name: evil, namespace: evil, createdAt: now - 9 }
  const controller = { apiVersion: evil, kind: evil, name: evil, controller: true }
  const metadata = { ownerReferences: [controller] }
  const container = { name: evil, state: { waiting: { reason: evil, message: evil } } }
  const view = viewOf(
    [
      waiter(evil, 9, {
        ...identity,
        metadata,
        conditions: [refused(evil, evil)],
        status: { nominatedNodeName: evil },
      }),
      atWork([container], { ...identity, metadata, spec: { nodeName: evil } }),
      waiter(evil, 9, { ...identity, spec: { schedulingGates: [{ name: evil }] }, conditions: [] }),
      waiter(evil, 9, { ...identity, spec: { schedulerName: evil }, conditions: [] }),
      waiter(evil, 9, {
        ...identity,
        conditions: [refused(`0/1 nodes are available: 1 node(s) had untolerated taint {${evil}}.`)],
      }),
    ],
    {
      nodes: () =>
        Promise.resolve([nodeOf(evil, '1', '1', { taints: [{ key: evil, value: evil, effect: 'NoSchedule' }] })]),
    },
  )
  const asked = encodeURIComponent(evil)
  for (const query of ['', `?namespace=${asked}`, `?cause=${asked}`, `?workload=${asked}x`]) {
    const { text, headers } = await ask(view, `/pending${query}`)
    t.notMatch(text, /<script|alert\('x'\)/)
    t.match(text, '&quot;&gt;&lt;script&gt;')
    t.equal(
      headers['content-security-policy'],
      "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'",
    )
    t.equal(headers['x-content-type-options'], 'nosniff')
  }
  const { groups } = await askJson(view)
  const quoted = String.raw`'"><script>alert('\''x'\'')</script>&'`
  t.equal(groups[0]?.pods[0]?.['command'], `kubectl -n ${quoted} describe pod ${quoted}`)
})

test('JSON comes when it is asked for, and pages to browsers', async (t) => {
  const view = viewOf([waiter('api-1', 9)])
  const typeFor = async (url: string, accept: string): Promise<unknown> =>
    (await ask(view, url, { accept })).headers['content-type']
  const json = 'application/json; charset=utf-8'
  const page = 'text/html; charset=utf-8'
  t.equal(await typeFor('/pending', 'application/json'), json)
  t.equal(await typeFor('/pending', 'text/html,application/json;q=0.9'), page)
  t.equal(await typeFor('/pending', '*/*'), page)
  t.equal(await typeFor('/pending?format=json', 'text/html'), json)
  t.equal(await typeFor('/pending?format=html', 'application/json'), page)
  t.equal((await ask(view, '/pending?format=xml')).status, 400)
  t.equal((await ask(view)).headers['vary'], 'Accept')
  t.equal((await ask(view, '/pending?namespace=shop&namespace=x')).status, 200)
})

test('the fields of the JSON are those that PENDING.md tells, and so are the words', async (t) => {
  const listed = await askJson(viewOf([waiter('api-1', 9), gatedWaiter('held', 9)]))
  const document = await readFile(new URL('../PENDING.md', import.meta.url), 'utf8')
  const told = [...document.matchAll(/^\| (`.*?) \|/gm)].flatMap(([, cell = '']) =>
    cell.replaceAll('`', '').split(', '),
  )
  const sent = new Set(keysOf(listed).filter((key) => key !== 'time' && key !== 'unixSeconds'))
  t.strictSame([...sent].toSorted(), [...new Set(told)].toSorted())
  for (const word of [...workloadKinds, ...speakers]) t.match(document, `\`${word}\``)
})

function keysOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(keysOf)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => [key, ...keysOf(inner)])
}
