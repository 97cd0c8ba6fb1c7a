// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import { type Both, startBoth } from './both.ts'
import { type Case, dnsCases, httpCases, redirectCases, ruleCases, tcpCases, tlsCases } from './cases.ts'
import { differences } from './compare.ts'
import { Explainer, pageExplanations } from './explained.ts'
import { readPage } from './exposition.ts'

const groups = {
  http: httpCases,
  redirects: redirectCases,
  rules: ruleCases,
  tls: tlsCases,
  tcp: tcpCases,
  dns: dnsCases,
}

test('both programs give the same page', async (t) => {
  const both = await startBoth(t)
  if (!both) return
  const explainer = new Explainer(pageExplanations)
  for (const [group, cases] of Object.entries(groups)) {
    // One group after the other keeps a busy machine within the timeouts.
    const found = await Promise.all(cases.map((each) => compare(both, each)))
    for (const [index, { name }] of cases.entries()) {
      t.strictSame(explainer.unexplained(name, found[index] ?? []), [], `${group}: ${name}`)
    }
  }
  t.strictSame(explainer.stale(), [], 'every explained difference is still there')
})

/** The differences of one case, from both programs asked at the same time. */
async function compare({ peer, ours, targets }: Both, { module, target, query }: Case): Promise<string[]> {
  const parameters = new URLSearchParams({ module, target: target(targets), ...query }).toString()
  const [peerPage, ourPage] = await Promise.all([
    ask(`${peer}/probe?${parameters}`),
    ask(`${ours}/probe?${parameters}`),
  ])
  return differences(readPage(peerPage), readPage(ourPage))
}

async function ask(url: string): Promise<string> {
  const reply = await fetch(url, { headers: { 'x-prometheus-scrape-timeout-seconds': '5', connection: 'close' } })
  const body = await reply.text()
  if (reply.status !== 200) throw new Error(`${url}: ${reply.status} ${body}`)
  return body
}
