// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { parseAllDocuments } from 'yaml'

/** A rule of a Role or ClusterRole. */
export interface Rule {
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

interface Container {
  readonly securityContext: object
  readonly args: readonly string[]
  readonly ports: readonly { readonly containerPort: number }[]
}

interface Deployment extends Manifest {
  readonly spec: {
    readonly replicas: number
    readonly template: {
      readonly spec: {
        readonly serviceAccountName: string
        readonly securityContext: object
        readonly containers: readonly Container[]
      }
    }
  }
}

/** The manifests with which a package's exporter is deployed: deployment.yaml and rbac.yaml of a folder. */
export interface Manifests {
  readonly deployment: Deployment
  readonly container: Container
  readonly access: readonly Manifest[]
  /** The rule of a kind of role that gives a verb on a resource; undefined when none does. */
  readonly ruleFor: (kind: string, resource: string, verb: string) => Rule | undefined
}

/** Reads them. Throws when one is no YAML, or the Deployment has no container. */
export function readManifests(folder: string): Manifests {
  const [deployment] = readDocuments(join(folder, 'deployment.yaml')) as readonly Deployment[]
  const container = deployment?.spec.template.spec.containers[0]
  if (deployment === undefined || container === undefined) throw new Error(`${folder}: there is no container`)
  const access = readDocuments(join(folder, 'rbac.yaml')) as readonly Manifest[]
  return {
    deployment,
    container,
    access,
    ruleFor(kind, resource, verb) {
      const rules = access.filter((one) => one.kind === kind).flatMap((one) => one.rules ?? [])
      return rules.find(({ resources, verbs }) => resources.includes(resource) && verbs.includes(verb))
    },
  }
}

/** The documents of a YAML file. Throws for one that is none. */
export function readDocuments(path: string): readonly unknown[] {
  return parseAllDocuments(readFileSync(path, 'utf8')).map((one) => {
    if (one.errors.length > 0) throw one.errors[0]
    return one.toJS() as unknown
  })
}

/** Asserts what no deployment may lack: its roles are bound to its account, and it runs without rights, writing nothing. */
export function assertDeployable(t: Test, { deployment, container, access }: Manifests): void {
  const account = access.find(({ kind }) => kind === 'ServiceAccount')?.metadata
  t.equal(deployment.spec.template.spec.serviceAccountName, account?.name)
  t.equal(deployment.metadata.namespace, account?.namespace)
  const bindings = access.filter(({ kind }) => kind.endsWith('Binding'))
  t.equal(bindings.length, 2)
  for (const { kind, roleRef, subjects } of bindings) {
    t.equal(`${roleRef.kind}Binding`, kind)
    t.ok(access.some((one) => one.kind === roleRef.kind && one.metadata.name === roleRef.name))
    t.match(subjects, [{ name: account?.name, namespace: account?.namespace }])
  }
  t.match(deployment.spec.template.spec.securityContext, { runAsNonRoot: true })
  t.match(container.securityContext, {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  })
}
