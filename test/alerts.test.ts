// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { test } from 'tap'
import { parse } from 'yaml'
import { metricsSections as cronJobLagSections } from '../packages/cronjob-lag/src/docs.ts'
import { metricsSections as etcdSections } from '../packages/etcd/src/docs.ts'
import { metricsSections as pendingPodSections } from '../packages/pending-pod/src/docs.ts'
import { needServer, repositoryRoot } from './servers/find.ts'
import { runToEnd } from './servers/process.ts'

const folder = join(repositoryRoot, 'alerts')
const runbookBase = 'https://github.com/leadline/leadline/blob/main/alerts/runbooks/'

type Labels = Readonly<Record<string, string>>

interface Rule {
  readonly alert: string
  readonly expr: string
  readonly labels: Labels
  readonly annotations: Labels
}

interface Recording {
  readonly record: string
  readonly expr: string
}

interface Group {
  readonly interval: string
  readonly rules: readonly (Rule | Recording)[]
}

interface Look {
  readonly eval_time: string
  readonly alertname: string
  readonly exp_alerts: readonly { readonly exp_labels: Labels }[]
}

interface Case {
  readonly name: string
  readonly input_series: readonly { readonly series: string }[]
  readonly alert_rule_test: readonly Look[]
}

interface Cases {
  readonly evaluation_interval: string
  readonly tests: readonly Case[]
}

const read = (name: string): unknown => parse(readFileSync(join(folder, name), 'utf8'))

const ruleFiles = readdirSync(folder).filter((name) => name.endsWith('.rules.yml'))
const groups = ruleFiles.flatMap((name) => (read(name) as { groups: readonly Group[] }).groups)
const rules = groups.flatMap(alertsOf)
const recordings = groups.flatMap((group) => group.rules.filter((rule) => 'record' in rule))
const caseFiles = readdirSync(folder).filter((name) => name.endsWith('.test.yml'))
const caseSets = caseFiles.map((name) => read(name) as Cases)
const sections = [...etcdSections, ...cronJobLagSections, ...pendingPodSections]
const metricNames = new Set(sections.flatMap(({ metrics }) => Object.keys(metrics)))

test('promtool takes the alerts, and they fire when their cases say', async (t) => {
  const promtool = needServer(t, 'promtool')
  if (promtool === undefined) return
  const checked = await runToEnd(promtool, [
    'check',
    'rules',
    '--lint-fatal',
    ...ruleFiles.map((name) => join(folder, name)),
  ])
  t.equal(checked.code, 0, checked.stdout + checked.stderr)
  for (const name of caseFiles) {
    const tested = await runToEnd(promtool, ['test', 'rules', join(folder, name)])
    t.equal(tested.code, 0, `${name}\n${tested.stdout}${tested.stderr}`)
  }
})

test('every alert has a runbook, and every runbook an alert', async (t) => {
  const alerts = [...new Set(rules.map(({ alert }) => alert))].toSorted()
  const runbooks = readdirSync(join(folder, 'runbooks')).map((name) => basename(name, '.md'))
  t.strictSame(runbooks.toSorted(), alerts)
  for (const name of runbooks) {
    t.match(readFileSync(join(folder, 'runbooks', `${name}.md`), 'utf8'), new RegExp(`^# ${name}\n`), name)
  }
  for (const { alert, annotations } of rules) t.equal(annotations['runbook_url'], `${runbookBase}${alert}.md`, alert)
})

test('every alert has a severity, a fixed summary and a description', async (t) => {
  for (const { alert, labels, annotations } of rules) {
    t.match(labels['severity'], /^(critical|warning|info)$/, alert)
    t.match(annotations['summary'], /^[A-Z][^{]*\.$/, alert)
    t.match(annotations['description'], /\{\{ .* \}\}.*\.$/s, alert)
  }
})

test('every alert has a case in which it fires and did not one evaluation before', async (t) => {
  for (const group of groups) {
    const { interval } = group
    const sets = caseSets.filter(({ evaluation_interval }) => evaluation_interval === interval)
    const cases = sets.flatMap(({ tests }) => tests)
    for (const { alert, labels } of alertsOf(group)) {
      const isEdge = (one: Case): boolean => firesFirst(one, alert, labels, seconds(interval))
      t.ok(cases.some(isEdge), `${alert} ${JSON.stringify(labels)}`)
    }
  }
})

test('alerts and their cases name no metric that the exporter does not have', async (t) => {
  const recorded = new Set(recordings.map(({ record }) => record))
  const named = [
    ...rules.map(({ alert, expr }) => [alert, expr] as const),
    ...recordings.map(({ record, expr }) => [record, expr] as const),
  ]
  for (const [rule, expr] of named) {
    const names =
      expr.match(/\b(?:etcd_(?:cluster|endpoint|disk_probe|exporter|scrape)|cronjob|pending_pod)[_:][\w:]+/g) ?? []
    t.ok(names.length > 0, rule)
    for (const name of names) t.ok(metricNames.has(name) || recorded.has(name), `${rule}: ${name}`)
  }
  for (const { name, input_series } of caseSets.flatMap(({ tests }) => tests)) {
    const series = input_series.map((one) => one.series.replace(/\{.*/, '')).filter((one) => one !== 'up')
    for (const one of series) t.ok(metricNames.has(one), `${name}: ${one}`)
  }
})

test('inhibitions name alerts that there are', async (t) => {
  const alerts = new Set(rules.map(({ alert }) => alert))
  const names = readFileSync(join(folder, 'inhibit.yml'), 'utf8').match(/\b(?:Etcd|CronJob|PendingPod)\w+/g) ?? []
  t.ok(names.length > 0)
  for (const name of names) t.ok(alerts.has(name), name)
})

function alertsOf(group: Group): readonly Rule[] {
  return group.rules.filter((rule) => 'alert' in rule)
}

/** Whether an alert with these labels fires at one look of a case, and not at the look that is one interval before. */
function firesFirst({ alert_rule_test: looks }: Case, alert: string, labels: Labels, intervalSeconds: number): boolean {
  const own = looks.filter(({ alertname }) => alertname === alert)
  const fires = ({ exp_alerts }: Look): boolean =>
    exp_alerts.some(({ exp_labels }) => Object.entries(labels).every(([name, value]) => exp_labels[name] === value))
  return own.some((look) => {
    const at = seconds(look.eval_time)
    const before = own.find(({ eval_time }) => seconds(eval_time) === at - intervalSeconds)
    return before !== undefined && fires(look) && !fires(before)
  })
}

/** Seconds of a Prometheus duration. */
function seconds(duration: string): number {
  const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 }
  return [...duration.matchAll(/(\d+)([smh])/g)].reduce(
    (sum, [, n, unit = '']) => sum + Number(n) * (units[unit] ?? 0),
    0,
  )
}
