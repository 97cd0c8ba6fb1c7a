// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { test } from 'tap'
import { parseAllDocuments } from 'yaml'
import { jobFileSchema } from '../src/docs.ts'
import { jobShape } from '../src/job/shape.ts'
import { folderOf, run } from './commands.ts'
import { goldens } from './goldens.ts'

const root = join(import.meta.dirname, '..')
const readme = readFileSync(join(root, 'README.md'), 'utf8')

/** The code blocks of the README in one language, in their order. */
function blocks(language: string): string[] {
  return [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(([, text = '']) => text)
}

test('the job of the README is rendered as the golden one', async (t) => {
  const [job = ''] = blocks('yaml')
  const golden = readFileSync(goldens[0]?.manifests ?? '', 'utf8')
  t.strictSame(await run(['render', '-'], job), { code: 0, stdout: golden, stderr: '' })
})

test('lint says what the README says', async (t) => {
  const [, manifest = ''] = blocks('yaml')
  const [findings = ''] = blocks('text')
  const path = await folderOf(t, { 'report.yml': manifest })
  t.equal((await run(['lint', join(path, 'report.yml')])).stdout.replaceAll(`${path}/`, ''), findings)
})

test('next says what the README says', async (t) => {
  const [, next = ''] = blocks('text')
  const [command = '', ...lines] = next.split('\n')
  const argv = [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')
  t.strictSame(argv.slice(0, 3), ['$', 'leadline', 'cronjobs'])
  t.equal((await run(argv.slice(3))).stdout, lines.join('\n'))
})

test('the schema takes job files that are rendered, and example.yml uses every key', async (t) => {
  const validate = new Ajv2020({ allowUnionTypes: true, strict: true }).compile(jobFileSchema)
  const used = new Set<string>()
  for (const { jobs } of goldens) {
    for (const document of parseAllDocuments(readFileSync(jobs, 'utf8'))) {
      const value = document.toJS() as object
      t.ok(validate(value), `${jobs}: ${JSON.stringify(validate.errors)}`)
      if (jobs.endsWith('example.yml')) for (const key of [value].flat().flatMap(Object.keys)) used.add(key)
    }
  }
  t.strictSame(used, new Set(Object.keys(jobShape.schema['properties'] as object)))
  for (const wrong of [{ name: 'a' }, { name: 'A', schedule: '@daily', image: 'i' }, [{ nme: 'a' }], 'a']) {
    t.notOk(validate(wrong), JSON.stringify(wrong))
  }
})
