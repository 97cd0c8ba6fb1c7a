// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { blackbox, blackboxConfig } from '@leadline/blackbox'
import { cronJobLagConfig } from '@leadline/cronjob-lag'
import { etcdConfig } from '@leadline/etcd'
import {
  type JsonSchema,
  jsonSchemaOf,
  type LintExceptions,
  lint,
  type MetricsSection,
  readConfig,
  type Shape,
  scrapeMetrics,
} from '@leadline/kit'
import { pendingPodConfig } from '@leadline/pending-pod'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { test } from 'tap'
import { parse } from 'yaml'
import { metricsSections as blackboxSections } from '../packages/blackbox/src/docs.ts'
import { metricsSections as cronJobLagSections } from '../packages/cronjob-lag/src/docs.ts'
import { metricsSections as etcdSections } from '../packages/etcd/src/docs.ts'
import { metricsSections as pendingPodSections } from '../packages/pending-pod/src/docs.ts'
import { generated } from '../scripts/generated.ts'

const root = join(import.meta.dirname, '..')

/** An exporter of the suite with all that has to agree. */
interface Subject {
  readonly folder: string
  readonly sections: readonly MetricsSection[]
  readonly config: Shape<unknown>
  /** Example configs in the package's folder. */
  readonly configs: readonly string[]
}

const subjects: readonly Subject[] = [
  {
    folder: join(root, 'packages', 'blackbox'),
    sections: blackboxSections,
    config: blackboxConfig,
    configs: ['example.yml', 'blackbox.yml'],
  },
  { folder: join(root, 'packages', 'etcd'), sections: etcdSections, config: etcdConfig, configs: ['example.yml'] },
  {
    folder: join(root, 'packages', 'cronjob-lag'),
    sections: cronJobLagSections,
    config: cronJobLagConfig,
    configs: ['example.yml'],
  },
  {
    folder: join(root, 'packages', 'pending-pod'),
    sections: pendingPodSections,
    config: pendingPodConfig,
    configs: ['example.yml'],
  },
]

/** Names of the peer that break a rule and stay, since dashboards and alerts use them. */
const lintExceptions: LintExceptions = {
  probe_ssl_earliest_cert_expiry: { time: "blackbox_exporter's name" },
}

test('files made from the code are as `npm run docs` writes them', async (t) => {
  for (const [path, content] of generated()) t.equal(readFileSync(path, 'utf8'), content, relative(root, path))
})

test('every metric follows the naming rules', async (t) => {
  const tables = subjects.flatMap(({ sections }) => sections.map(({ metrics }) => metrics))
  t.strictSame(lint(Object.assign({}, ...tables), lintExceptions), [])
  t.strictSame(lint(scrapeMetrics('some')), [])
})

test('a metric of several modules has one type and the same labels', async (t) => {
  const seen = new Map<string, unknown>()
  for (const { title, metrics } of subjects.flatMap(({ sections }) => sections)) {
    for (const [name, { type, labels }] of Object.entries(metrics)) {
      if (seen.has(name)) t.strictSame({ type, labels }, seen.get(name), `${name} of ${title}`)
      else seen.set(name, { type, labels })
    }
  }
  t.ok(seen.has('probe_success') && seen.has('probe_dns_serial') && seen.has('etcd_cluster_leaders'))
})

test('every metric is measured in some test', async (t) => {
  for (const { folder, sections } of subjects) {
    const tests = readdirSync(join(folder, 'test')).filter((name) => name.endsWith('.test.ts'))
    const text = tests.map((name) => readFileSync(join(folder, 'test', name), 'utf8')).join('\n')
    for (const { metrics } of sections.slice(0, -1)) {
      for (const name of Object.keys(metrics)) t.match(text, new RegExp(`\\b${name}\\b`), name)
    }
  }
})

test('the shipped configs load, and the schema takes them', async (t) => {
  for (const { folder, config, configs } of subjects) {
    const schema = jsonSchemaOf(config, 'test')
    const validate = new Ajv2020({ allowUnionTypes: true, strict: true }).compile(schema)
    for (const name of configs) {
      const text = readFileSync(join(folder, name), 'utf8')
      t.doesNotThrow(() => readConfig(config, text, name))
      t.ok(validate(parse(text)), `${name}: ${JSON.stringify(validate.errors)}`)
    }
  }
  t.equal(readFileSync(join(root, 'packages', 'blackbox', 'blackbox.yml'), 'utf8'), blackbox.config.builtIn)
})

test('example.yml uses every key of the config', async (t) => {
  for (const { folder, config } of subjects) {
    const schema = jsonSchemaOf(config, 'test')
    const used = new Set<string>()
    collectUsed('', parse(readFileSync(join(folder, 'example.yml'), 'utf8')), schema, used)
    t.strictSame(
      [...allKeys('', schema)].filter((key) => !used.has(key) && !isLeftOut(key)),
      [],
    )
  }
})

/** Old spellings, keys that can only fail, and blocks of probers that are not here yet. */
function isLeftOut(key: string): boolean {
  return /_ref$|\.(no_follow_redirects|bearer_token|bearer_token_file|icmp|grpc|unix|websocket)$/.test(key)
}

/** A TLS block is the same wherever it stands, and so are the rules on the sections of a DNS reply. */
function place(path: string): string {
  return path.replace(/^.*\.tls_config\./, 'tls_config.').replace(/\.validate_\w+_rrs\./, '.validate_rrs.')
}

function* allKeys(path: string, node: JsonSchema): Generator<string> {
  const properties = (node['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>
  for (const [key, inner] of Object.entries(properties)) {
    yield place(`${path}.${key}`)
    yield* allKeys(`${path}.${key}`, inner)
  }
  for (const inner of [node['items'], node['additionalProperties']]) {
    if (typeof inner === 'object') yield* allKeys(path, inner as JsonSchema)
  }
}

function collectUsed(path: string, value: unknown, node: JsonSchema | undefined, used: Set<string>): void {
  if (typeof value !== 'object' || value === null || node === undefined) return
  const inner = (node['items'] ?? node['additionalProperties']) as JsonSchema | undefined
  const properties = node['properties'] as Readonly<Record<string, JsonSchema>> | undefined
  for (const [key, field] of Object.entries(value)) {
    if (properties === undefined) {
      collectUsed(path, field, inner, used)
      continue
    }
    used.add(place(`${path}.${key}`))
    collectUsed(`${path}.${key}`, field, properties[key], used)
  }
}
