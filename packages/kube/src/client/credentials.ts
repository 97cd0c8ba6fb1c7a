// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import type { Clock } from '@leadline/kit'
import { execGrants } from './exec-plugin.ts'
import { type KubeContext, KubeconfigError, type KubeUser } from './kubeconfig.ts'

/** What proves who we are: an Authorization header, a client certificate, or neither. */
export interface Grant {
  readonly authorization?: string | undefined
  readonly cert?: string | Buffer | undefined
  readonly key?: string | Buffer | undefined
}

/** Who the exporter is to the API server. */
export interface Credentials {
  /** The grant of now, which a plugin or a file may give. Rejects with an Error that says how it could not be got. */
  grant(): Promise<Grant>
  /** Forgets what is cached, since the server refused it. */
  renew(): void
  /** Headers that ask to act as somebody else. */
  readonly impersonation: Readonly<Record<string, string | string[]>>
}

/** Seconds for which a token file is not read again; kubelet renews it minutes before its end. */
const tokenFileSeconds = 60

/** Makes the credentials of a context. Throws KubeconfigError for a way that is not spoken here. */
export function openCredentials({ cluster, user }: KubeContext, clock: Clock): Credentials {
  // As kubectl has it, a server without TLS is never told who we are.
  if (user === undefined || !cluster.server.startsWith('https:')) return constant({}, {})
  const impersonation = impersonationOf(user)
  if (user.tokenFile) return { ...tokenFile(user.tokenFile, clock), impersonation }
  if (user.token) return constant({ authorization: `Bearer ${user.token.trim()}` }, impersonation)
  if (user.username) {
    const pair = Buffer.from(`${user.username}:${user.password ?? ''}`).toString('base64')
    return constant({ authorization: `Basic ${pair}` }, impersonation)
  }
  if (user.exec) return { ...execGrants(user, cluster), impersonation }
  if (user.authProvider) return { ...authProvider(user), impersonation }
  return constant({}, impersonation)
}

function constant(grant: Grant, impersonation: Credentials['impersonation']): Credentials {
  return { grant: () => Promise.resolve(grant), renew() {}, impersonation }
}

function impersonationOf({ impersonateUser, impersonateGroups }: KubeUser): Credentials['impersonation'] {
  if (!impersonateUser) return {}
  return {
    'Impersonate-User': impersonateUser,
    ...(impersonateGroups.length > 0 && { 'Impersonate-Group': [...impersonateGroups] }),
  }
}

function tokenFile(path: string, clock: Clock): Pick<Credentials, 'grant' | 'renew'> {
  let read: { readonly at: number; readonly grant: Grant } | undefined
  return {
    async grant() {
      if (read === undefined || clock.now() - read.at > tokenFileSeconds) {
        read = { at: clock.now(), grant: { authorization: `Bearer ${readFileSync(path, 'utf8').trim()}` } }
      }
      return read.grant
    },
    renew() {
      read = undefined
    },
  }
}

/** Logins by OpenID Connect through client-node, which costs its 80 MB only where it is used. */
function authProvider(user: KubeUser): Pick<Credentials, 'grant' | 'renew'> {
  const { name } = user.authProvider as { name?: string }
  if (name !== 'oidc') {
    throw new KubeconfigError(`auth-provider ${name}: kubectl knows it no more since 1.26; use an exec plugin`)
  }
  const authenticator = import('@kubernetes/client-node/dist/oidc_auth.js').then(
    ({ OpenIDConnectAuth }) => new OpenIDConnectAuth(),
  )
  return {
    async grant() {
      const headers: Record<string, string> = {}
      await (await authenticator).applyAuthentication(user, { headers })
      return { authorization: headers['Authorization'] }
    },
    renew() {},
  }
}
