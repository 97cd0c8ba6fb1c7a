// SPDX-License-Identifier: Apache-2.0
import type { BlackboxConfig, ProbeModule } from '../config.ts'
import { missingProbers, probers } from '../modules.ts'
import { HostnameConflict } from '../prober.ts'
import { BadTimeout, probeTimeout } from './timeout.ts'

type AnyProber = (typeof probers)[number]

/** The query of /probe; a repeated parameter counts by its first value. */
export interface ProbeQuery {
  readonly target?: string | readonly string[]
  readonly module?: string | readonly string[]
  readonly hostname?: string | readonly string[]
  readonly debug?: string | readonly string[]
}

/** A request that was understood. */
export interface ProbeRequest {
  readonly moduleName: string
  /** The module with the hostname parameter applied. */
  readonly module: ProbeModule
  readonly prober: AnyProber
  readonly target: string
  readonly timeoutSeconds: number
}

/** A request that can't be run: the answer's status and its one line. */
export class BadProbeRequest extends Error {
  readonly status: 400 | 500
  readonly unknownModule: boolean
  constructor(status: 400 | 500, message: string, unknownModule = false) {
    super(message)
    this.name = 'BadProbeRequest'
    this.status = status
    this.unknownModule = unknownModule
  }
}

/** The module of a request that names none. */
export const usualModule = 'http_2xx'

const byName: ReadonlyMap<string, AnyProber> = new Map(probers.map((prober) => [prober.name, prober]))

/** Reads a /probe request in blackbox_exporter's order of checks. Throws BadProbeRequest. */
export function readProbeRequest(
  config: BlackboxConfig,
  query: ProbeQuery,
  timeoutHeader: string | undefined,
  offsetSeconds: number,
): ProbeRequest {
  const moduleName = first(query.module) || usualModule
  const module = config.modules.get(moduleName)
  if (module === undefined) {
    throw new BadProbeRequest(400, `Unknown module "${moduleName}"${modulesHint(config)}`, true)
  }
  const timeoutSeconds = readTimeout(timeoutHeader, module, offsetSeconds)
  const target = decodeTwice(first(query.target))
  if (target === '') {
    throw new BadProbeRequest(400, 'Target parameter is missing; add ?target=, such as /probe?target=example.com')
  }
  const prober = byName.get(module.prober)
  if (prober === undefined) {
    const reason = missingProbers.includes(module.prober) ? ': this prober is not here yet' : ''
    throw new BadProbeRequest(400, `Unknown prober "${module.prober}"${reason}`)
  }
  return { moduleName, module: withHostname(module, prober, first(query.hostname)), prober, target, timeoutSeconds }
}

function first(value: string | readonly string[] | undefined): string {
  return (typeof value === 'string' ? value : value?.[0]) ?? ''
}

function modulesHint({ modules }: BlackboxConfig): string {
  const names = [...modules.keys()].toSorted()
  const more = names.length > 20 ? ', ...' : ''
  return names.length === 0 ? '; the config has no modules' : `; modules are ${names.slice(0, 20).join(', ')}${more}`
}

function readTimeout(header: string | undefined, module: ProbeModule, offsetSeconds: number): number {
  try {
    return probeTimeout(header, module.timeout, offsetSeconds)
  } catch (error) {
    if (error instanceof BadTimeout) throw new BadProbeRequest(500, error.message)
    throw error
  }
}

/**
 * Prometheus configs in the field hold targets that were encoded once too often. The peer decodes every target a second
 * time for them, which breaks `+` and `%2F` in all others; only one whose `://` is still encoded gets it here.
 */
function decodeTwice(target: string): string {
  if (!/^[a-z][a-z\d+.-]*%3a%2f%2f/i.test(target)) return target
  try {
    return decodeURIComponent(target.replaceAll('+', ' '))
  } catch {
    return target
  }
}

/** Modules with a hostname put in, kept so that what hangs on a config's identity (TLS contexts) is made once. */
const renamed = new WeakMap<ProbeModule, Map<string, ProbeModule>>()

/** Hostnames kept for each module; one more forgets all of that module. */
const mostHostnames = 256

function withHostname(module: ProbeModule, prober: AnyProber, hostname: string): ProbeModule {
  if (hostname === '' || prober.withHostname === undefined) return module
  const known = renamed.get(module) ?? new Map<string, ProbeModule>()
  renamed.set(module, known)
  const before = known.get(hostname)
  if (before !== undefined) return before
  try {
    const config = prober.withHostname(module[prober.name] ?? prober.config.absent, hostname)
    const changed = { ...module, [prober.name]: config }
    if (known.size >= mostHostnames) known.clear()
    known.set(hostname, changed)
    return changed
  } catch (error) {
    if (error instanceof HostnameConflict) throw new BadProbeRequest(400, error.message)
    throw error
  }
}
