// SPDX-License-Identifier: Apache-2.0
// Node's own fetch costs a process 5 to 15 MB, and a single import of node:http brings it along.
import { test } from 'tap'
import { leadlineCommand } from '../../../test/servers/leadline.ts'
import { startServer } from '../../../test/servers/process.ts'

const atExit = `
  const tell = () => {
    const isLoaded = process.moduleLoadList.includes('NativeModule internal/deps/undici/undici')
    process._rawDebug('fetch is ' + (isLoaded ? '' : 'not ') + 'loaded')
  }
  process.once('exit', tell)`

/** What a program that is ended once it listens has loaded; `preload` is code that runs before it. */
async function loadedBy(args: readonly string[], preload: string): Promise<string> {
  const [command, ...before] = leadlineCommand
  const server = await startServer({
    command,
    args: [...before, ...args, '--web.listen-address=127.0.0.1:0'],
    env: { ...process.env, NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(preload)}` },
    ready: /Listening on"? .*address=(127\.0\.0\.1:\d+)/,
  })
  try {
    const page = await fetch(`http://${server.readyLine[1]}/metrics`)
    await page.text()
  } finally {
    await server.stop()
  }
  return /fetch is .*/.exec(server.output())?.[0] ?? server.output()
}

const exporters = [['blackbox'], ['etcd', '--etcd.endpoints=http://127.0.0.1:1']]

for (const args of exporters) {
  test(`leadline ${args[0]} does not load Node's own fetch`, async (t) => {
    t.equal(await loadedBy(args, atExit), 'fetch is not loaded')
  })
}

test('an import of node:http does', async (t) => {
  t.equal(await loadedBy(['blackbox'], `import 'node:http';${atExit}`), 'fetch is loaded')
})
