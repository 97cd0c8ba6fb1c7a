// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import { findServer } from '../servers/find.ts'
import { makeFolder } from '../servers/folder.ts'
import { startLeadline } from '../servers/leadline.ts'
import { runToEnd } from '../servers/process.ts'
import { answerDifferences } from './answers.ts'
import { startBoth } from './both.ts'
import { answerExplanations, Explainer } from './explained.ts'
import { endpointRequests, formatRequests, probeRequests } from './requests.ts'

/** Keys of defaults that the peer prints, too, in later releases. */
const keysAfter023 = new Set(['enable_http3', 'proxy_from_environment'])

test('both programs give the same answers', async (t) => {
  const both = await startBoth(t)
  if (!both) return
  const explainer = new Explainer(answerExplanations)
  for (const each of [...probeRequests, ...formatRequests, ...endpointRequests]) {
    // One after the other: a reload among them must not meet another request.
    t.strictSame(explainer.unexplained(each.name, await answerDifferences(both, each)), [], each.name)
  }
  t.strictSame(explainer.stale(), [], 'every explained difference is still there')
})

test('debug pages have the same three parts', async (t) => {
  const both = await startBoth(t)
  if (!both) return
  const query = `/probe?debug=true&module=http_proxy&target=${both.targets.http}/ok`
  const headings = [/^Logs for the probe:$/m, /^Metrics that would have been returned:$/m, /^Module configuration:$/m]
  for (const url of [both.peer, both.ours]) {
    const page = await (await fetch(url + query)).text()
    const places = headings.map((heading) => page.search(heading))
    t.notOk(places.includes(-1), 'every heading is there')
    t.strictSame(
      places,
      places.toSorted((a, b) => a - b),
      'in this order',
    )
    t.match(page, /^ {2}proxy_url: http:\/\/user:xxxxx@/m, 'the module as YAML, two spaces deep, without its password')
    t.notMatch(page, 'secret@')
  }
})

test('/config can be loaded again', async (t) => {
  const both = await startBoth(t)
  if (!both) return
  const folder = await makeFolder('config')
  t.teardown(() => folder.remove())
  const printed = await (await fetch(`${both.ours}/config`)).text()
  t.notMatch(printed, /password: secret|credentials: token|user:secret/, 'without secrets')
  const ourFile = await folder.write('ours.yml', printed)
  const again = await startLeadline({ configFile: ourFile })
  t.teardown(() => again.stop())
  t.equal(await (await fetch(`${again.url}/config`)).text(), printed, 'and prints the same again')

  const peerBinary = findServer('blackbox_exporter') ?? ''
  const { stderr } = await runToEnd(peerBinary, ['--config.check', `--config.file=${ourFile}`])
  const unknown = new Set([...stderr.matchAll(/field (\w+) not found/g)].map(([, name]) => name))
  t.strictSame(unknown, keysAfter023, 'what we print is good for the peer, but for later keys')
})
