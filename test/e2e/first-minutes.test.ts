// SPDX-License-Identifier: Apache-2.0
import { randomInt } from 'node:crypto'
import { test } from 'tap'
import { leadlineCommand } from '../servers/leadline.ts'
import { startServer } from '../servers/process.ts'

/** `up` takes each exporter's own port, so that the test asks for a loopback address where nobody else listens. */
function unusedHost(): string {
  return process.platform === 'linux' ? `127.${randomInt(1, 255)}.${randomInt(255)}.${randomInt(1, 255)}` : '127.0.0.1'
}

test('leadline up prints a curl line that works', async (t) => {
  const [command, ...args] = leadlineCommand
  const host = unusedHost()
  const server = await startServer({ command, args: [...args, 'up', `--host=${host}`], ready: /try: curl '(.+)'/ })
  t.teardown(() => server.stop())
  const url = server.readyLine[1] ?? ''
  t.equal(new URL(url).hostname, host)
  const reply = await fetch(url)
  t.equal(reply.status, 200)
  t.match(await reply.text(), /^probe_success 1$/m)
  t.equal(await server.stop(), 0, 'SIGTERM ends it with exit code 0')
})
