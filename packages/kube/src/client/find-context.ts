// SPDX-License-Identifier: Apache-2.0
import { accessSync, readFileSync } from 'node:fs'
import { isIPv6 } from 'node:net'
import { delimiter, join } from 'node:path'
import { type KubeContext, KubeconfigError, readKubeconfig } from './kubeconfig.ts'

/** Where to look for the way to a cluster. */
export interface ContextChoice {
  /** Path of a kubeconfig; without it `$KUBECONFIG`, then `~/.kube/config`, then the pod's service account. */
  readonly kubeconfig?: string | undefined
  /** Name of a context in it; without it the current one. */
  readonly context?: string | undefined
}

/** What of the machine decides; tests give their own. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Folder with `token`, `ca.crt` and `namespace` of the pod's service account. */
  readonly serviceAccountFolder: string
}

/** The process's own. */
export const processSurroundings = (): Surroundings => ({
  env: process.env,
  serviceAccountFolder: '/var/run/secrets/kubernetes.io/serviceaccount',
})

/** The context to use, or undefined where no cluster is to be found. Throws KubeconfigError for one that is unusable. */
export function findContext(choice: ContextChoice, surroundings: Surroundings): KubeContext | undefined {
  const files = kubeconfigFiles(choice, surroundings)
  if (files.length > 0) return readKubeconfig(files, choice.context)
  if (choice.context !== undefined) throw new KubeconfigError(`context ${choice.context}: there is no kubeconfig`)
  return inCluster(surroundings)
}

function kubeconfigFiles({ kubeconfig }: ContextChoice, { env }: Surroundings): readonly string[] {
  if (kubeconfig !== undefined && kubeconfig !== '') return [kubeconfig]
  const named = (env['KUBECONFIG'] ?? '').split(delimiter).filter((file) => file !== '')
  // kubectl passes over those of the list that are not there.
  if (named.length > 1) return named.filter(exists)
  if (named.length === 1) return named
  const home = env['HOME'] ?? ''
  const usual = join(home, '.kube', 'config')
  return home !== '' && exists(usual) ? [usual] : []
}

function inCluster({ env, serviceAccountFolder }: Surroundings): KubeContext | undefined {
  const [host, port] = [env['KUBERNETES_SERVICE_HOST'], env['KUBERNETES_SERVICE_PORT']]
  const tokenFile = join(serviceAccountFolder, 'token')
  if (!host || !port || !exists(tokenFile)) return undefined
  const namespaceFile = join(serviceAccountFolder, 'namespace')
  return {
    cluster: {
      name: 'in-cluster',
      server: `https://${isIPv6(host) ? `[${host}]` : host}:${port}`,
      caFile: join(serviceAccountFolder, 'ca.crt'),
      skipTLSVerify: false,
    },
    user: { name: 'service-account', tokenFile, impersonateGroups: [] },
    namespace: exists(namespaceFile) ? readFileSync(namespaceFile, 'utf8').trim() : undefined,
  }
}

function exists(path: string): boolean {
  try {
    accessSync(path)
    return true
  } catch {
    return false
  }
}
