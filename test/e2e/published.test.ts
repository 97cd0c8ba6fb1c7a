// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import { startLeadline } from '../servers/leadline.ts'
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
