// SPDX-License-Identifier: Apache-2.0

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseFlags } from '@leadline/kit'
import { placeOf } from '@leadline/kube'
import { test } from 'tap'
import { parseAllDocuments } from 'yaml'
import { needServer } from '../../../test/servers/find.ts'
import { runToEnd } from '../../../test/servers/process.ts'
import { metricsSections } from '../src/docs.ts'
import { pendingPod } from '../src/exporter.ts'
import { flags } from '../src/flags.ts'

const folder = join(import.meta.dirname, '..', 'deploy')

interface Rule {
  readonly apiGroups: readonly string[]
  readonly resources: readonly string[]
  readonly resourceNames?: readonly string[]
  readonly verbs: readonly string[]
}

interface Manifest {
  readonly kind: string
  readonly metadata: { readonly name: string; readonly namespace?: string }
  readonly rules?: readonly Rule[]
  readonly roleRef: { readonly kind: string; readonly name: string }
  readonly subjects: readonly { readonly name: string; readonly namespace: string }[]
}

interface Deployment extends Manifest {
  readonly spec: {
    readonly replicas: number
    readonly template: {
      readonly spec: {
        readonly serviceAccountName: string
        readonly securityContext: object
        readonly containers: readonly {
          readonly securityContext: object
          readonly args: readonly string[]
          readonly ports: readonly { readonly containerPort: number }[]
        }[]
      }
    }
  }
}

interface ScrapeFile {
  readonly scrape_configs: readonly {
    readonly relabel_configs: readonly { readonly target_label?: string }[]
  }[]
}

function read(name: string): readonly unknown[] {
  return parseAllDocuments(readFileSync(join(folder, name), 'utf8')).map((one) => {
    if (one.errors.length > 0) throw one.errors[0]
    return one.toJS() as unknown
  })
}

const [deployment] = read('deployment.yaml') as readonly Deployment[]
const access = read('rbac.yaml') as readonly Manifest[]
const container = deployment?.spec.template.spec.containers[0]
const values = parseFlags(flags, container?.args.slice(1) ?? []).values

function ruleFor(kind: string, resource: string, verb: string): Rule | undefined {
  const rules = access.filter((one) => one.kind === kind).flatMap((one) => one.rules ?? [])
  return rules.find(({ resources, verbs }) => resources.includes(resource) && verbs.includes(verb))
}

test('the Deployment starts the exporter with flags and a port that it has', async (t) => {
  t.equal(container?.args[0], pendingPod.name)
  t.strictSame(
    container?.ports.map(({ containerPort }) => containerPort),
    [pendingPod.port],
  )
  t.equal(deployment?.spec.replicas, 2)
  t.ok(placeOf('lease', values.lease), 'two replicas need a Lease')
})

test('it runs without rights, on a file system that is read only', async (t) => {
  t.match(deployment?.spec.template.spec.securityContext, { runAsNonRoot: true })
  t.match(container?.securityContext, {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  })
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

test('the roles are bound to the account that the pods run as', async (t) => {
  const account = access.find(({ kind }) => kind === 'ServiceAccount')?.metadata
  t.equal(deployment?.spec.template.spec.serviceAccountName, account?.name)
  t.equal(deployment?.metadata.namespace, account?.namespace)
  const bindings = access.filter(({ kind }) => kind.endsWith('Binding'))
  t.equal(bindings.length, 2)
  for (const { kind, roleRef, subjects } of bindings) {
    t.equal(`${roleRef.kind}Binding`, kind)
    t.ok(access.some((one) => one.kind === roleRef.kind && one.metadata.name === roleRef.name))
    t.match(subjects, [{ name: account?.name, namespace: account?.namespace }])
  }
})

test('Prometheus takes the scrape config, whose labels are none of the metrics', async (t) => {
  const [config] = read('prometheus.yml') as readonly ScrapeFile[]
  const targetLabels = config?.scrape_configs[0]?.relabel_configs.flatMap(({ target_label: label }) => label ?? [])
  t.strictSame(targetLabels, ['instance', 'node'])
  const own = metricsSections.flatMap(({ metrics }) => Object.values(metrics).map(({ labels }) => labels ?? {}))
  for (const label of targetLabels ?? [])
    t.notOk(
      own.some((labels) => label in labels),
      label,
    )
  const promtool = needServer(t, 'promtool')
  if (promtool === undefined) return
  const checked = await runToEnd(promtool, ['check', 'config', '--syntax-only', join(folder, 'prometheus.yml')])
  t.equal(checked.code, 0, checked.stdout + checked.stderr)
})
