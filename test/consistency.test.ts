// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { blackbox, blackboxConfig } from '@leadline/blackbox'
import { type JsonSchema, jsonSchemaOf, type LintExceptions, lint, readConfig, scrapeMetrics } from '@leadline/kit'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { test } from 'tap'
import { parse } from 'yaml'
import { metricsSections } from '../packages/blackbox/src/docs.ts'
import { generated } from '../scripts/generated.ts'

const root = join(import.meta.dirname, '..')
const blackboxFolder = join(root, 'packages', 'blackbox')
const schema = jsonSchemaOf(blackboxConfig, 'test')

/** Names of the peer that break a rule and stay, since dashboards and alerts use them. */
const lintExceptions: LintExceptions = {
  probe_ssl_earliest_cert_expiry: { time: "blackbox_exporter's name" },
}

test('files made from the code are as `npm run docs` writes them', async (t) => {
  for (const [path, content] of generated()) t.equal(readFileSync(path, 'utf8'), content, relative(root, path))
})

test('every metric follows the naming rules', async (t) => {
  const tables = metricsSections.map(({ metrics }) => metrics)
  t.strictSame(lint(Object.assign({}, ...tables), lintExceptions), [])
  t.strictSame(lint(scrapeMetrics('some')), [])
})

test('a metric of several probers has one type and the same labels', async (t) => {
  const seen = new Map<string, unknown>()
  for (const { title, metrics } of metricsSections) {
    for (const [name, { type, labels }] of Object.entries(metrics)) {
      if (seen.has(name)) t.strictSame({ type, labels }, seen.get(name), `${name} of ${title}`)
      else seen.set(name, { type, labels })
    }
  }
  t.ok(seen.has('probe_success') && seen.has('probe_dns_serial'))
})

test('every metric is measured in some test', async (t) => {
  const folder = join(blackboxFolder, 'test')
  const tests = readdirSync(folder).filter((name) => name.endsWith('.test.ts'))
  const text = tests.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n')
  for (const { metrics } of metricsSections.slice(0, -1)) {
    for (const name of Object.keys(metrics)) t.ok(text.includes(name), name)
  }
})

test('the shipped configs load, and the schema takes them', async (t) => {
  const validate = new Ajv2020({ allowUnionTypes: true, strict: true }).compile(schema)
  for (const name of ['blackbox.yml', 'example.yml']) {
    const text = readFileSync(join(blackboxFolder, name), 'utf8')
    t.ok(readConfig(blackboxConfig, text, name).modules.size > 3)
    t.ok(validate(parse(text)), `${name}: ${JSON.stringify(validate.errors)}`)
  }
  t.equal(readFileSync(join(blackboxFolder, 'blackbox.yml'), 'utf8'), blackbox.config.builtIn)
})

test('example.yml uses every key of the config', async (t) => {
  const used = new Set<string>()
  collectUsed('', parse(readFileSync(join(blackboxFolder, 'example.yml'), 'utf8')), schema, used)
  t.strictSame(
    [...allKeys('', schema)].filter((key) => !used.has(key) && !isLeftOut(key)),
    [],
  )
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
