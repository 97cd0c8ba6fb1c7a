// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import { startLeadline } from '../servers/leadline.ts'
import { startServer } from '../servers/process.ts'
import { publish } from '../servers/published.ts'

test('the packages as npm packs them run on their own', async (t) => {
  const published = await publish()
  t.teardown(() => published.remove())
  const exporter = await startLeadline({ program: published.command })
  t.teardown(() => exporter.stop())
  const { host } = new URL(exporter.url)
  const reply = await fetch(`${exporter.url}/probe?module=tcp_connect&target=${host}`)
  t.match(await reply.text(), /^probe_success 1$/m)
})

test('the etcd exporter finds its proto file in its package', async (t) => {
  const published = await publish()
  t.teardown(() => published.remove())
  const [command, ...args] = published.command
  const exporter = await startServer({
    command,
    // Nobody listens on port 1: a call that fails for that reason has been made.
    args: [...args, 'etcd', '--web.listen-address=127.0.0.1:0', '--etcd.endpoints=http://127.0.0.1:1'],
    ready: /msg="Sounding fails".*op=status result=unreachable err="Status at http:\/\/127\.0\.0\.1:1: .*ECONNREFUSED/,
  })
  t.equal(await exporter.stop(), 0)
})
