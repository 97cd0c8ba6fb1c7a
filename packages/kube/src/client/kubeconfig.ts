// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
// The package's own index loads all models, 85 MB; these parts stand alone.
import {
  type Cluster,
  type Context,
  newClusters,
  newContexts,
  newUsers,
  type User,
} from '@kubernetes/client-node/dist/config_types.js'
import { messageOf } from '@leadline/kit'
import { LineCounter, parseDocument } from 'yaml'

/** Whom to speak with and as whom, as a context of a kubeconfig has it; its paths are absolute. */
export interface KubeContext {
  readonly cluster: Cluster
  /** Absent when the context names none. */
  readonly user: KubeUser | undefined
  readonly namespace: string | undefined
}

/** A user with the keys that client-node's reader leaves out. */
export interface KubeUser extends User {
  readonly tokenFile: string | undefined
  readonly impersonateGroups: readonly string[]
}

/** A kubeconfig that can't be used; the message names the file and what is wrong, and never quotes it. */
export class KubeconfigError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'KubeconfigError'
  }
}

interface Parsed {
  readonly clusters: readonly Cluster[]
  readonly contexts: readonly Context[]
  readonly users: readonly KubeUser[]
  readonly currentContext: string | undefined
}

/**
 * Reads kubeconfig files and picks a context, the current one when none is named. As with kubectl, the first file that
 * has a name or a current context wins. Throws KubeconfigError.
 */
export function readKubeconfig(files: readonly string[], context?: string): KubeContext {
  const parsed = files.map(readFile)
  const where = `kubeconfig ${files.join(', ')}`
  const wanted = context ?? parsed.find(({ currentContext }) => currentContext)?.currentContext
  if (wanted === undefined) throw new KubeconfigError(`${where}: no current-context; name a context`)
  const contexts = parsed.flatMap((each) => each.contexts)
  const found = contexts.find(({ name }) => name === wanted)
  if (found === undefined) {
    const known = contexts.map(({ name }) => name).join(', ') || 'none'
    throw new KubeconfigError(`${where}: no context ${wanted}; there is ${known}`)
  }
  const cluster = parsed.flatMap(({ clusters }) => clusters).find(({ name }) => name === found.cluster)
  if (cluster === undefined) throw new KubeconfigError(`${where}: context ${wanted}: no cluster ${found.cluster}`)
  if (!/^https?:$/.test(URL.parse(cluster.server)?.protocol ?? '')) {
    throw new KubeconfigError(`${where}: cluster ${cluster.name}: server is not a URL of http or https`)
  }
  const user = parsed.flatMap(({ users }) => users).find(({ name }) => name === found.user)
  if (user === undefined && found.user) {
    throw new KubeconfigError(`${where}: context ${wanted}: no user ${found.user}`)
  }
  return { cluster, user, namespace: found.namespace }
}

function readFile(file: string): Parsed {
  try {
    const config = parseYaml(readFileSync(file, 'utf8'))
    const folder = dirname(resolve(file))
    const rawUsers = Array.isArray(config['users']) ? (config['users'] as readonly RawUser[]) : []
    return {
      clusters: newClusters(config['clusters']).map((each) => ({
        ...each,
        ...absolute(folder, 'caFile', each.caFile),
      })),
      contexts: newContexts(config['contexts']),
      users: newUsers(rawUsers).map((each, i) => completeUser(each, rawUsers[i]?.user ?? {}, folder)),
      currentContext: typeof config['current-context'] === 'string' ? config['current-context'] : undefined,
    }
  } catch (error) {
    throw new KubeconfigError(`kubeconfig ${file}: ${messageOf(error)}`, { cause: error })
  }
}

function parseYaml(text: string): Readonly<Record<string, unknown>> {
  const lineCounter = new LineCounter()
  const document = parseDocument(text, { prettyErrors: false, lineCounter })
  const [problem] = document.errors
  if (problem !== undefined) {
    // Not its message: that may quote the file, which is full of secrets.
    const { line, col } = lineCounter.linePos(problem.pos[0])
    throw new Error(`line ${line}, column ${col}: not YAML (${problem.code})`)
  }
  const config: unknown = document.toJS()
  if (typeof config !== 'object' || config === null) throw new Error('not a map')
  return config as Readonly<Record<string, unknown>>
}

interface RawUser {
  readonly user?: { readonly tokenFile?: string; readonly 'as-groups'?: readonly string[] }
}

function completeUser(user: User, raw: NonNullable<RawUser['user']>, folder: string): KubeUser {
  return {
    ...user,
    ...absolute(folder, 'certFile', user.certFile),
    ...absolute(folder, 'keyFile', user.keyFile),
    exec: user.exec && { ...user.exec, command: commandPath(folder, user.exec.command) },
    tokenFile: raw.tokenFile && resolve(folder, raw.tokenFile),
    impersonateGroups: raw['as-groups'] ?? [],
  }
}

function absolute<K extends string>(folder: string, key: K, path: string | undefined): { [_ in K]?: string } {
  return (path ? { [key]: resolve(folder, path) } : {}) as { [_ in K]?: string }
}

/** As kubectl has it: a command with a slash is a path from the kubeconfig, one without is looked up on PATH. */
function commandPath(folder: string, command: unknown): unknown {
  return typeof command === 'string' && command.includes('/') ? resolve(folder, command) : command
}
