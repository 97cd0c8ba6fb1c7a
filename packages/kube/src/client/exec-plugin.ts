// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process'
import { setTimeout } from 'node:timers/promises'
import type { Cluster, User } from '@kubernetes/client-node/dist/config_types.js'
import { ExecAuth } from '@kubernetes/client-node/dist/exec_auth.js'
import { messageOf } from '@leadline/kit'
import type { Credentials, Grant } from './credentials.ts'

/** Seconds that a plugin may take; one that asks people can't serve an exporter. */
const usualPluginSeconds = 30

/** The `exec` part of a kubeconfig's user, as far as it is read here. */
interface ExecConfig {
  readonly apiVersion?: string
  readonly command: string
  readonly env?: readonly { readonly name: string; readonly value: string }[] | null
  readonly provideClusterInfo?: boolean
}

/**
 * Tokens and certificates from a credential plugin (client.authentication.k8s.io), kept until they expire or are
 * refused. Callers that ask while it runs wait for the same run.
 */
export function execGrants(
  user: User,
  cluster: Cluster,
  pluginSeconds = usualPluginSeconds,
): Pick<Credentials, 'grant' | 'renew'> {
  const exec = user.exec as ExecConfig
  const told: User = { ...user, exec: { ...exec, env: [...(exec.env ?? []), infoFor(exec, cluster)] } }
  let plugin = new Plugin()
  let running: Promise<Grant> | undefined
  return {
    grant() {
      running ??= plugin.run(told, exec.command, pluginSeconds).finally(() => {
        running = undefined
      })
      return running
    },
    renew() {
      plugin = new Plugin()
    },
  }
}

/** One plugin with what it gave last. */
class Plugin {
  #ending = new AbortController()
  // By itself client-node lets a plugin wait for what is typed, and leaves one that hangs behind.
  readonly #auth = Object.assign(new ExecAuth() as Pick<ExecAuth, 'applyAuthentication'>, {
    execFn: (command: string, args: readonly string[], options: object) =>
      spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'], signal: this.#ending.signal }),
  })

  async run(user: User, command: string, pluginSeconds: number): Promise<Grant> {
    const ending = new AbortController()
    this.#ending = ending
    const options: { headers: Record<string, string>; cert?: string; key?: string } = { headers: {} }
    const tooLong = setTimeout(pluginSeconds * 1000, undefined, { signal: ending.signal }).then(() => {
      throw new Error(`no answer within ${pluginSeconds} s`)
    })
    tooLong.catch(() => undefined)
    try {
      await Promise.race([this.#auth.applyAuthentication(user, options), tooLong])
      return { authorization: options.headers['Authorization'], cert: options.cert, key: options.key }
    } catch (error) {
      throw new Error(`exec plugin ${command}: ${reasonOf(error)}`, { cause: error })
    } finally {
      ending.abort()
    }
  }
}

/** A parser's message may quote what the plugin printed, and with it the token. */
function reasonOf(error: unknown): string {
  if (error instanceof SyntaxError || error instanceof TypeError) return 'it printed no ExecCredential'
  return messageOf(error).replaceAll(/\s+/g, ' ').trim().slice(0, 300) || 'it failed without a word'
}

/** What a plugin learns by its environment; client-node leaves it out, and some plugins refuse to run without it. */
function infoFor({ apiVersion, provideClusterInfo }: ExecConfig, cluster: Cluster): { name: string; value: string } {
  const { server, tlsServerName, skipTLSVerify, caData, proxyUrl } = cluster
  const about = {
    server,
    'tls-server-name': tlsServerName,
    'insecure-skip-tls-verify': skipTLSVerify || undefined,
    'certificate-authority-data': caData,
    'proxy-url': proxyUrl,
  }
  const spec = { interactive: false, ...(provideClusterInfo === true && { cluster: about }) }
  return { name: 'KUBERNETES_EXEC_INFO', value: JSON.stringify({ apiVersion, kind: 'ExecCredential', spec }) }
}
