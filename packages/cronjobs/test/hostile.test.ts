// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import { firing, folderOf, lintLines, run } from './commands.ts'
import { job, manifest } from './manifests.ts'

/** Anchors of ten aliases each, ten deep: ten thousand million values when spread. */
function bomb(item: (aliases: string) => string): string {
  const levels = Array.from(
    { length: 10 },
    (_, i) => `l${i + 1}: &l${i + 1} ${item(Array.from({ length: 10 }, () => `*l${i}`).join(', '))}`,
  )
  return `${levels.join('\n')}\n`
}

test('aliases that stand for very much are refused in no time', async (t) => {
  const merged = `l0: &l0 {name: a}\n${bomb((aliases) => `{<<: [${aliases}]}`)}<<: *l10\n`
  t.match(await lintLines(merged), [/: error: .*the aliases, \*l\d among them, stand for too much \(job-file\)$/])
  const item = manifest({}).trim().replaceAll('\n', '\n  ')
  const listed = `kind: List\napiVersion: v1\nitems:\n- &a\n  ${item}\n${'- *a\n'.repeat(20_000)}`
  t.match(await lintLines(listed, '--disable=name-unique'), [/stand for too much \(manifest\)$/])
})

test('an alias of itself ends', async (t) => {
  t.strictSame(await lintLines('&a\nkind: List\nitems: [*a]\n'), [])
  t.match(await lintLines('&a\n- *a\n'), [/: error: \[0\]: wants a mapping, not a list \(job-file\)$/])
})

test('anchors and merges that are meant are followed', async (t) => {
  const text = `- &base\n  name: a\n  schedule: "23 3 * * *"\n  image: none\n- {<<: *base, name: b}\n`
  t.strictSame(await firing(text), [])
  t.match((await run(['render', '-'], text)).stdout, /^ {2}name: b$/m)
})

test('duplicate keys, tabs and torn text are told with their places', async (t) => {
  t.strictSame(await lintLines(`${job()}image: other\n`), ['stdin:4:1: error: Map keys must be unique (yaml)'])
  t.strictSame(await lintLines('name: a\nlabels:\n\tteam: b\n'), [
    'stdin:3:1: error: Tabs are not allowed as indentation (yaml)',
  ])
  t.match(await lintLines('name: "a'), [/^stdin:1:\d+: error: Missing closing "quote \(yaml\)$/])
  t.match(await lintLines(job('labels: *none')), [/^stdin:4:9: error: .*there is no anchor &none above \(job-file\)$/])
})

test('text that is nested without end is refused', async (t) => {
  const lines = await lintLines('['.repeat(50_000))
  t.ok(lines.length > 0 && lines.every((line) => line.endsWith('(yaml)')), lines.join('\n'))
})

test('a hundred thousand keys are read in time that grows with their number', async (t) => {
  const keys = Array.from({ length: 100_000 }, (_, i) => `  k${i}: x\n`).join('')
  t.strictSame(await firing(job('labels:', keys)), [])
})

test('what can not be read is told in one line each, and the rest is looked at', async (t) => {
  const path = await folderOf(t, {
    'latin.yml': Buffer.from([0x6e, 0x61, 0x6d, 0x65, 0x3a, 0xe9]),
    'long.yml': `# ${'x'.repeat(8 * 1024 * 1024)}\n`,
    'right.yml': job('suspend: true'),
  })
  const files = ['latin.yml', 'long.yml', 'absent.yml', 'right.yml'].map((name) => `${path}/${name}`)
  const { code, stdout, stderr } = await run(['lint', '--no-histogram', ...files])
  t.equal(code, 2)
  t.match(stdout, /right\.yml:4:10: info: suspended/)
  t.strictSame(stderr.replaceAll(`${path}/`, '').split('\n'), [
    'leadline cronjobs lint: error: latin.yml: not UTF-8 text; save it as UTF-8',
    'leadline cronjobs lint: error: long.yml: longer than 8 MiB; split it',
    'leadline cronjobs lint: error: absent.yml: no such file or folder',
    '',
  ])
})

test('one file of a folder that can not be read does not keep the others from being looked at', async (t) => {
  const path = await folderOf(t, { 'a.yml': Buffer.from([0xff]), 'b.yml': job('suspend: true') })
  t.match(await run(['lint', path]), { code: 2, stdout: /b\.yml:4:10: info/, stderr: /a\.yml: not UTF-8 text/ })
  t.match(await run(['render', path]), { code: 2, stdout: '', stderr: /a\.yml: not UTF-8 text/ })
})

test('a folder is read with all below it, hidden files apart, in the order of names', async (t) => {
  const path = await folderOf(t, {
    'b.yaml': job('suspend: true'),
    'a/z.json': JSON.stringify({ name: 'z', schedule: '@daily', image: 'i', suspend: true }),
    'a/b/c.yml': job('suspend: true').replace('report', 'c'),
    'notes.txt': 'a: [',
    '.git/x.yml': 'a: [',
    '.hidden.yml': 'a: [',
  })
  const { stdout } = await run(['lint', '--no-histogram', path])
  const files = stdout.split('\n').map((line) => line.replace(`${path}/`, '').split(':')[0])
  t.strictSame(files, ['a/b/c.yml', 'a/z.json', 'b.yaml', ''])
  const twice = await run(['render', path, `${path}/b.yaml`, `${path}/a/../b.yaml`])
  t.equal(twice.code, 0, 'no file is read twice')
  const empty = await folderOf(t, { 'notes.txt': '' })
  t.match(await run(['lint', empty]), { code: 2, stderr: /: no \.yaml, \.yml or \.json file in this folder\n$/ })
})
