// SPDX-License-Identifier: Apache-2.0

import { join } from 'node:path'
import { parseFlags } from '@leadline/kit'
import { placeOf } from '@leadline/kube'
import { test } from 'tap'
import { assertDeployable, readDocuments, readManifests } from '../../../test/manifests.ts'
import { needServer } from '../../../test/servers/find.ts'
import { runToEnd } from '../../../test/servers/process.ts'
import { metricsSections } from '../src/docs.ts'
import { pendingPod } from '../src/exporter.ts'
import { flags } from '../src/flags.ts'

const folder = join(import.meta.dirname, '..', 'deploy')

interface ScrapeFile {
  readonly scrape_configs: readonly {
    readonly relabel_configs: readonly { readonly target_label?: string }[]
  }[]
}

const manifests = readManifests(folder)
const { deployment, container, access, ruleFor } = manifests
const values = parseFlags(flags, container.args.slice(1)).values

test('the Deployment starts the exporter with flags and a port that it has', async (t) => {
  t.equal(container.args[0], pendingPod.name)
  t.strictSame(
    container.ports.map(({ containerPort }) => containerPort),
    [pendingPod.port],
  )
  t.equal(deployment.spec.replicas, 2)
  t.ok(placeOf('lease', values.lease), 'two replicas need a Lease')
})

test('it may read what it watches and shows, and write its own Lease alone', async (t) => {
  t.strictSame(ruleFor('ClusterRole', 'pods', 'watch')?.verbs, ['get', 'list', 'watch'])
  t.strictSame(ruleFor('ClusterRole', 'namespaces', 'watch')?.verbs, ['get', 'list', 'watch'])
  t.strictSame(ruleFor('ClusterRole', 'nodes', 'list')?.verbs, ['list'])
  const place = placeOf('lease', values.lease)
  const rule = ruleFor('Role', 'leases', 'update')
  t.strictSame([rule?.resourceNames, rule?.verbs], [[place?.name], ['get', 'update']])
  t.strictSame(ruleFor('Role', 'leases', 'create')?.verbs, ['create'])
  t.equal(access.find(({ kind }) => kind === 'Role')?.metadata.namespace, place?.namespace)
  const resources = access.flatMap((one) => one.rules ?? []).flatMap((one) => one.resources)
  t.strictSame([...new Set(resources)].toSorted(), ['leases', 'namespaces', 'nodes', 'pods'])
})

test('it runs as an account that the roles are bound to, without other rights, on a file system that is read only', async (t) => {
  assertDeployable(t, manifests)
})

test('the labels of the scrape config are none of the metrics', async (t) => {
  const [config] = readDocuments(join(folder, 'prometheus.yml')) as readonly ScrapeFile[]
  const targetLabels = config?.scrape_configs[0]?.relabel_configs.flatMap(({ target_label: label }) => label ?? [])
  t.strictSame(targetLabels, ['instance', 'node'])
  const own = metricsSections.flatMap(({ metrics }) => Object.values(metrics).map(({ labels }) => labels ?? {}))
  for (const label of targetLabels ?? [])
    t.notOk(
      own.some((labels) => label in labels),
      label,
    )
})

test('Prometheus takes the scrape config', async (t) => {
  const promtool = needServer(t, 'promtool')
  if (promtool === undefined) return
  const checked = await runToEnd(promtool, ['check', 'config', '--syntax-only', join(folder, 'prometheus.yml')])
  t.equal(checked.code, 0, checked.stdout + checked.stderr)
})
