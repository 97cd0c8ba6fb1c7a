// SPDX-License-Identifier: Apache-2.0
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import { untilSo } from '../../../test/servers/until.ts'
import type { Cluster } from '../src/client/cluster.ts'
import { execGrants } from '../src/client/exec-plugin.ts'
import { cronjobs, kubeconfigText } from './servers/open.ts'
import { authorizations, openIn, startSecured } from './servers/secured.ts'

test('an exec plugin gives tokens: once for many requests, again after a refusal, and told what it needs', async (t) => {
  const { api, trust, known } = await startSecured(t)
  const folder = t.testdir({
    plugin: [
      '#!/bin/sh',
      'cd "$(dirname "$0")"; echo "$KUBERNETES_EXEC_INFO" >> info',
      'printf \'{"kind":"ExecCredential","status":{"token":"%s-%s"}}\' "$PREFIX" "$(wc -l < info | tr -d " ")"',
    ].join('\n'),
  })
  chmodSync(join(folder, 'plugin'), 0o755)
  const exec = {
    apiVersion: 'client.authentication.k8s.io/v1',
    command: './plugin',
    args: [],
    env: [{ name: 'PREFIX', value: 't' }],
    provideClusterInfo: true,
  }
  writeFileSync(join(folder, 'config'), kubeconfigText(api.url, trust, { exec }))
  const cluster = openIn(t, join(folder, 'config'))
  known.add('Bearer t-1')
  await Promise.all([cluster.get(cronjobs), cluster.get(cronjobs)])
  known.clear()
  known.add('Bearer t-2')
  await cluster.get(cronjobs)
  t.strictSame(authorizations(api), ['Bearer t-1', 'Bearer t-1', 'Bearer t-1', 'Bearer t-2'])
  const infos = readFileSync(join(folder, 'info'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown)
  t.equal(infos.length, 2)
  t.match(infos[0], { apiVersion: exec.apiVersion, spec: { interactive: false, cluster: { server: api.url } } })
})

test('an exec plugin that fails is named with what it said, and what it printed is not', async (t) => {
  const { api, trust } = await startSecured(t)
  const folder = t.testdir({})
  const at = (name: string, command: string, args: readonly string[]): Cluster => {
    writeFileSync(join(folder, name), kubeconfigText(api.url, trust, { exec: { command, args } }))
    return openIn(t, join(folder, name))
  }
  const line = `GET ${api.url}${cronjobs}: exec plugin`
  const cases = [
    [at('a', 'sh', ['-c', 'echo please >&2; echo log in >&2; exit 1']), `${line} sh: please log in`],
    [at('b', 'sh', ['-c', 'echo s3cr3t']), `${line} sh: it printed no ExecCredential`],
    [at('c', 'sh', ['-c', 'echo "{}"']), `${line} sh: it printed no ExecCredential`],
    [at('d', 'no-such-plugin', []), `${line} no-such-plugin: spawn no-such-plugin ENOENT`],
  ] as const
  for (const [cluster, message] of cases) {
    await t.rejects(cluster.get(cronjobs), { failure: 'unauthorized', message })
  }
  t.equal(api.requests.length, 0)
})

test('an exec plugin that hangs is ended', async (t) => {
  const file = join(t.testdir({}), 'pid')
  const exec = { command: 'sh', args: ['-c', `echo $$ > ${file}; exec sleep 60`] }
  const cluster = { name: 'k', server: 'https://127.0.0.1:1', skipTLSVerify: false }
  const { grant } = execGrants({ name: 'u', exec }, cluster, 1)
  await t.rejects(grant(), { message: 'exec plugin sh: no answer within 1 s' })
  const pid = Number(readFileSync(file, 'utf8'))
  await untilSo('its end', () => !existsSync(`/proc/${pid}`))
})
