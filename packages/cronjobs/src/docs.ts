// SPDX-License-Identifier: Apache-2.0
import { configPage, jsonSchemaOf, list, type Shape } from '@leadline/kit'
import { type Job, jobShape } from './job/shape.ts'
import { type Rule, rules } from './lint/rules.ts'

/** Files of this package that are made from the code: path within the package to content. */
export function generatedFiles(): ReadonlyMap<string, string> {
  return new Map([
    ['JOBS.md', configPage('Job files', jobShape)],
    ['RULES.md', rulesPage()],
    ['cronjobs.schema.json', `${JSON.stringify(jobFileSchema, undefined, 2)}\n`],
  ])
}

const jobs: Shape<readonly Job[]> = list('Jobs.', jobShape)

/** JSON Schema of one document of a job file: a job, or a list of them. */
export const jobFileSchema = {
  ...jsonSchemaOf({ ...jobs, schema: {} }, 'Leadline job file'),
  anyOf: [jobShape.schema, jobs.schema],
}

function rulesPage(): string {
  const rows = Object.entries<Rule>(rules).map(
    ([name, { severity, meaning }]) => `| \`${name}\` | ${severity} | ${meaning.replaceAll('|', String.raw`\|`)} |`,
  )
  const head = ['# Rules of lint', '', 'Made from the code by `npm run docs`; change it there.', '']
  return [...head, '| rule | severity | what it finds |', '| --- | --- | --- |', ...rows, ''].join('\n')
}
