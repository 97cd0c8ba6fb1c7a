// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'

const golden = join(import.meta.dirname, 'golden')

/** Job files, and what `render` is to make of them. */
export const goldens: readonly { readonly jobs: string; readonly manifests: string }[] = [
  { jobs: join(golden, 'short.yml'), manifests: join(golden, 'short.rendered') },
  { jobs: join(golden, 'hostile.yml'), manifests: join(golden, 'hostile.rendered') },
  { jobs: join(import.meta.dirname, '..', 'example.yml'), manifests: join(golden, 'example.rendered') },
]

/** What is looked at of a CronJob. */
export interface CronJobObject {
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly labels: object
    readonly annotations: object
  }
  readonly spec: {
    readonly jobTemplate: {
      readonly spec: { readonly template: { readonly spec: { readonly containers: readonly Container[] } } }
    }
  }
}

/** What is looked at of a container. */
export interface Container {
  readonly command?: readonly string[]
  readonly args?: readonly string[]
  readonly env?: readonly { readonly name: string; readonly value?: string }[]
}

/** The CronJobs of a YAML text, as YAML 1.1 or 1.2 reads it. */
export function readManifests(text: string, version: '1.1' | '1.2'): CronJobObject[] {
  return parseAllDocuments(text, { version }).map((document) => document.toJS() as CronJobObject)
}

/** The container of a CronJob. Throws when there is none. */
export function containerOf({ spec }: CronJobObject): Container {
  const [container] = spec.jobTemplate.spec.template.spec.containers
  if (container === undefined) throw new Error('no container')
  return container
}
