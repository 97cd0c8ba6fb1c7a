// SPDX-License-Identifier: Apache-2.0

import { join } from 'node:path'
import { parseFlags } from '@leadline/kit'
import { placeOf } from '@leadline/kube'
import { test } from 'tap'
import { assertDeployable, readManifests } from '../../../test/manifests.ts'
import { needServer } from '../../../test/servers/find.ts'
import { runToEnd } from '../../../test/servers/process.ts'
import { cronJobLag } from '../src/exporter.ts'
import { checkFlags, flags } from '../src/flags.ts'

const folder = join(import.meta.dirname, '..', 'deploy')

const manifests = readManifests(folder)
const { deployment, container, access, ruleFor } = manifests
const values = parseFlags(flags, container.args.slice(1)).values

test('the Deployment starts the exporter with flags and a port that it has', async (t) => {
  t.equal(container.args[0], cronJobLag.name)
  t.doesNotThrow(() => checkFlags(values))
  t.strictSame(
    container.ports.map(({ containerPort }) => containerPort),
    [cronJobLag.port],
  )
  t.equal(deployment.spec.replicas, 2)
  t.ok(placeOf('lease', values.lease), 'two replicas need a Lease')
})

test('it may read what it watches, and write its own Lease and ConfigMap alone', async (t) => {
  for (const resource of ['cronjobs', 'jobs', 'pods', 'events', 'namespaces']) {
    t.strictSame(ruleFor('ClusterRole', resource, 'watch')?.verbs, ['get', 'list', 'watch'], resource)
  }
  for (const [flag, resource] of [
    ['lease', 'leases'],
    ['state.config-map', 'configmaps'],
  ] as const) {
    const place = placeOf(flag, values[flag])
    const rule = ruleFor('Role', resource, 'update')
    t.strictSame(rule?.resourceNames, [place?.name], flag)
    t.strictSame(rule?.verbs, ['get', 'update'])
    t.strictSame(ruleFor('Role', resource, 'create')?.verbs, ['create'])
    t.equal(access.find(({ kind }) => kind === 'Role')?.metadata.namespace, place?.namespace)
  }
})

test('it runs as an account that the roles are bound to, without other rights, on a file system that is read only', async (t) => {
  assertDeployable(t, manifests)
})

test('Prometheus takes the scrape config', async (t) => {
  const promtool = needServer(t, 'promtool')
  if (promtool === undefined) return
  const checked = await runToEnd(promtool, ['check', 'config', '--syntax-only', join(folder, 'prometheus.yml')])
  t.equal(checked.code, 0, checked.stdout + checked.stderr)
})
