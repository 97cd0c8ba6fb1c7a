// SPDX-License-Identifier: Apache-2.0
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { until } from '../../../../test/servers/until.ts'
import { kubeconfigText } from '../servers/open.ts'
import type { Admin } from './admin.ts'

/** What a user may do, as in a ClusterRole. */
export interface Rule {
  readonly apiGroups: readonly string[]
  readonly resources: readonly string[]
  readonly verbs: readonly string[]
}

/** A service account of the namespace default, as an exporter has it. */
export interface User {
  /** As the API server calls it: `system:serviceaccount:default:leadline`. */
  readonly name: string
  /** Path of a kubeconfig, which names the token's file and leads through the proxy where there is one. */
  readonly kubeconfig: string
  /** Folder with `token`, `ca.crt` and `namespace`, as a pod has it. */
  readonly folder: string
  /** Lets it do this and no more; resolves when the API server knows. */
  grant(rules: readonly Rule[]): Promise<void>
  /** Writes a new token into the file; the old one stays good. */
  renewToken(): Promise<string>
  /** Has all tokens so far refused; the API server may take them from its memory for 10 s more. */
  revokeTokens(): Promise<void>
}

/** Where users are made. */
export interface UserPlace {
  readonly admin: Admin
  /** URL of the API server for them. */
  readonly url: string
  /** The control plane's folder. */
  readonly folder: string
  /** PEM of the authority. */
  readonly authority: string
}

const accounts = '/api/v1/namespaces/default/serviceaccounts'
const rbac = '/apis/rbac.authorization.k8s.io/v1'

/** Makes a service account with these rights in all namespaces, and its folder. */
export async function addUser(place: UserPlace, name: string, rules: readonly Rule[]): Promise<User> {
  const { admin, url, authority } = place
  const folder = join(place.folder, `user-${name}`)
  await mkdir(folder)
  const kubeconfig = join(folder, 'kubeconfig')
  const files = {
    kubeconfig: kubeconfigText(url, { 'certificate-authority': 'ca.crt' }, { tokenFile: 'token' }),
    'ca.crt': authority,
    namespace: 'default',
  }
  for (const [file, text] of Object.entries(files)) await writeFile(join(folder, file), text)
  await admin.create(accounts, { metadata: { name } })
  const subject = { kind: 'ServiceAccount', name, namespace: 'default' }
  await admin.create(`${rbac}/clusterrolebindings`, {
    metadata: { name },
    subjects: [subject],
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
  })
  await admin.create(`${rbac}/clusterroles`, { metadata: { name }, rules })
  const user: User = {
    name: `system:serviceaccount:default:${name}`,
    kubeconfig,
    folder,
    async grant(next) {
      await admin.patch(`${rbac}/clusterroles/${name}`, { rules: next })
      await known(admin, user.name, next)
    },
    async renewToken() {
      const { status } = await admin.create<TokenRequest>(`${accounts}/${name}/token`, { spec: {} })
      await writeFile(join(folder, 'token'), status.token)
      return status.token
    },
    async revokeTokens() {
      await admin.delete(`${accounts}/${name}`)
      await admin.create(accounts, { metadata: { name } })
    },
  }
  await user.renewToken()
  await known(admin, user.name, rules)
  return user
}

interface TokenRequest {
  readonly status: { readonly token: string }
}

async function known(admin: Admin, user: string, rules: readonly Rule[]): Promise<void> {
  const path = '/apis/authorization.k8s.io/v1/subjectaccessreviews'
  for (const { apiGroups, resources, verbs } of rules) {
    const resourceAttributes = { group: apiGroups[0], resource: resources[0], verb: verbs[0] }
    await until(`${user} to be let do what was granted`, async () => {
      const spec = { user, resourceAttributes }
      const { status } = await admin.create<{ readonly status: { readonly allowed: boolean } }>(path, { spec })
      return status.allowed || undefined
    })
  }
}
