// SPDX-License-Identifier: Apache-2.0
import type { Declared } from '../declared.ts'
import { longestName, subdomain } from '../job/names.ts'
import type { Finding } from './finding.ts'

const form = new RegExp(`^${subdomain}$`)

/** What is wrong with the name of a CronJob by itself. */
export function* checkName({ name: { value, place } }: Declared): Generator<Finding> {
  if (!form.test(value)) yield { rule: 'name-form', place, message: formMessage(value) }
  if (value.length > longestName) {
    const message =
      `the name has ${value.length} characters; ${longestName} are the most, since its Jobs add ` +
      `11; cut ${value.length - longestName}`
    yield { rule: 'name-length', place, message }
  }
}

function formMessage(value: string): string {
  const mended = value
    .toLowerCase()
    .replaceAll(/[^a-z0-9.-]+/g, '-')
    .replaceAll(/[-.]*\.[-.]*/g, '.')
    .replaceAll(/^[-.]+|[-.]+$/g, '')
  const what = `${JSON.stringify(value)} is no name for a CronJob: lower-case letters, digits, "-" and "."`
  return mended === '' ? `${what}; give it one` : `${what}; try ${JSON.stringify(mended)}`
}

/** CronJobs that an earlier one of their namespace has the name of. */
export function* checkUnique(declared: readonly Declared[]): Generator<Finding> {
  const first = new Map<string, Declared>()
  for (const one of declared) {
    const { namespace = '', name } = one
    const key = JSON.stringify([namespace, name.value])
    const other = first.get(key)
    if (other === undefined) {
      first.set(key, one)
      continue
    }
    const { file, line } = other.name.place
    const where = namespace === '' ? '' : ` in namespace ${namespace}`
    const message = `the name ${JSON.stringify(name.value)} is taken${where} at ${file}:${line}; give each its own`
    yield { rule: 'name-unique', place: name.place, message }
  }
}
