// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import { test } from 'tap'
import { parseAllDocuments } from 'yaml'
import { folderOf, run } from './commands.ts'
import { containerOf, goldens, readManifests } from './goldens.ts'
import { job, manifest } from './manifests.ts'

test('job files are rendered as the golden manifests', async (t) => {
  for (const { jobs, manifests } of goldens) {
    t.strictSame(await run(['render', jobs]), { code: 0, stdout: readFileSync(manifests, 'utf8'), stderr: '' }, jobs)
  }
})

test('the golden manifests read the same by YAML 1.1 and 1.2, and each value is the text it was', async (t) => {
  for (const { jobs, manifests } of goldens) {
    const text = readFileSync(manifests, 'utf8')
    const read = readManifests(text, '1.1')
    t.strictSame(read, readManifests(text, '1.2'), manifests)
    const env = read.flatMap((cronJob) => containerOf(cronJob).env ?? [])
    t.ok(env.every(({ value }) => value === undefined || typeof value === 'string'))
    t.notMatch(text, /[^\n -~\u{2693}]/u, jobs)
  }
})

test('a command for the shell gets there as it was written', async (t) => {
  const [hostile] = readManifests(readFileSync(goldens[1]?.manifests ?? '', 'utf8'), '1.2')
  const [written] = parseAllDocuments(readFileSync(goldens[1]?.jobs ?? '', 'utf8'))
  const [shell, flags, command = ''] = hostile === undefined ? [] : (containerOf(hostile).command ?? [])
  t.strictSame([shell, flags], ['/bin/sh', '-ec'])
  // As k8s.io/kubernetes/third_party/forked/golang/expansion reads it: `$$` is `$`, `$(NAME)` a variable.
  const expanded = command.replaceAll(/\$(\$|\(NAME\))/g, (_, what: string) => (what === '$' ? '$' : 'EXPANDED'))
  t.equal(expanded, written?.get('command'))
})

test('a job with a mistake leaves stdout empty, and all mistakes are told', async (t) => {
  const path = await folderOf(t, {
    'a.yml': `${job()}---\n${job('timeout: never')}`,
    'b.yml': job().replace('23 12', '23 24'),
    'c.yml': `${job()}---\n${manifest({ name: 'other' })}`,
  })
  const { code, stdout, stderr } = await run(['render', path])
  t.equal(code, 1)
  t.equal(stdout, '')
  t.strictSame(
    stderr.replaceAll(`${path}/`, '').trimEnd().split('\n'),
    [
      'a.yml:8:10: error: timeout: "never" is not a duration; units are ns, us, ms, s, m, h, as in 1m30s (job-file)',
      'b.yml:1:7: error: the name "report" is taken at ' + path + '/a.yml:1; give each its own (name-unique)',
      'b.yml:2:11: error: "23 24 * * *": hour 24 is above 23; try "23 0 * * *" (schedule)',
      'c.yml:1:7: error: the name "report" is taken at ' + path + '/a.yml:1; give each its own (name-unique)',
      'c.yml:8:9: error: "other" is a CronJob already; render takes job files, lint takes both (job-file)',
    ].map((line) => line.replaceAll(`${path}/`, '')),
  )
})

test('stdin is rendered, and the same files give the same bytes', async (t) => {
  const first = await run(['render', '-'], job())
  t.equal(first.code, 0)
  t.strictSame(await run(['render', '-'], job()), first)
  t.match(await run(['render']), {
    code: 2,
    stdout: '',
    stderr: 'leadline cronjobs render: error: name a file or a folder, or - for stdin, try --help\n',
  })
})

async function deadline(...lines: readonly string[]): Promise<string | undefined> {
  const { stdout } = await run(['render', '-'], job(...lines))
  return /startingDeadlineSeconds: (\d+)/.exec(stdout)?.[1]
}

test('the deadline is the objective, unless told, and never below ten seconds', async (t) => {
  t.equal(await deadline(), '1200')
  t.equal(await deadline('objective: 90s'), '90')
  t.equal(await deadline('objective: 5s'), '10')
  t.equal(await deadline('objective: 90s', 'starting_deadline: 24h'), '86400')
})
