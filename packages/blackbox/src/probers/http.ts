// SPDX-License-Identifier: Apache-2.0
import { CheckFailed, defineMetrics, type Run } from '@leadline/kit'
import { type HttpConfig, httpConfig } from '../http/config.ts'
import { canonicalHeaderName } from '../http/headers-config.ts'
import { Journey, journeyMetrics } from '../http/journey.ts'
import { Phases } from '../http/phases.ts'
import { mayUseProxy } from '../http/proxy.ts'
import type { Hop } from '../http/redirect.ts'
import { type RequestPlan, requestPlan } from '../http/request.ts'
import { hasCel } from '../http/response-check.ts'
import { authorityOf, BadUrl, type HttpUrl, parseTarget } from '../http/target.ts'
import { type Address, chooseAddress, resolveMetrics } from '../net/resolve.ts'
import { splitHostPort } from '../net/target.ts'
import { defineProber, HostnameConflict } from '../prober.ts'

const metrics = defineMetrics({ ...resolveMetrics, ...journeyMetrics })

type HttpRun = Run<HttpConfig, typeof metrics>

/** Asks a site for a page, over redirects, and judges the answer. */
export const http = defineProber({
  name: 'http',
  metrics,
  config: httpConfig,
  withHostname(config, hostname) {
    const configured = [...config.headers].find(([name]) => canonicalHeaderName(name) === 'Host')?.[1]
    if (configured === hostname) return config
    if (configured !== undefined) throw new HostnameConflict(configured, hostname)
    return { ...config, headers: new Map([...config.headers, ['Host', hostname]]) }
  },
  async run(run) {
    setZeros(run)
    const phases = new Phases()
    let journey: Journey | undefined
    const report = (): void => {
      journey?.cut()
      phases.report(run)
    }
    // What was measured until the deadline counts; listeners of the signal are the last that can report it.
    run.signal.addEventListener('abort', report, { once: true })
    try {
      const plan = requestPlan(run.config)
      const first = await firstHop(run, plan, phases)
      if (plan.mistake !== undefined) throw new CheckFailed('The request can not be sent', { err: plan.mistake })
      phases.begin()
      journey = new Journey(run, plan, phases, first)
      await journey.go()
    } finally {
      run.signal.removeEventListener('abort', report)
      phases.report(run)
    }
  },
})

/** What is 0 until there is a response, or for good. */
function setZeros({ set, config }: HttpRun): void {
  set('probe_http_content_length', 0)
  set('probe_http_uncompressed_body_length', 0)
  set('probe_http_redirects', 0)
  set('probe_http_ssl', 0)
  set('probe_http_status_code', 0)
  set('probe_http_version', 0)
  set('probe_failed_due_to_regex', 0)
  if (hasCel(config)) set('probe_failed_due_to_cel', 0)
}

async function firstHop(run: HttpRun, plan: RequestPlan, phases: Phases): Promise<Hop> {
  const { config } = run
  const url = readTarget(run.target)
  // With the name left to the proxy, no lookup is made and none is reported.
  const unresolved = config.skip_resolve_phase_with_proxy && mayUseProxy(config)
  return {
    url,
    address: unresolved ? undefined : await resolve(run, url.host, phases),
    host: plan.host ?? authorityOf(url),
    serverName: config.tls_config.server_name || hostOf(plan.host) || url.host,
    method: plan.method,
    withBody: plan.hasBody,
    foreign: false,
    referer: '',
  }
}

async function resolve(run: HttpRun, host: string, phases: Phases): Promise<Address> {
  phases.resolving(run.now())
  try {
    return await chooseAddress(run, host, run.config)
  } finally {
    phases.resolved(run.now())
  }
}

function readTarget(target: string): HttpUrl {
  try {
    return parseTarget(target)
  } catch (error) {
    if (!(error instanceof BadUrl)) throw error
    throw new CheckFailed('Could not parse the target as a URL', { target, err: error.message })
  }
}

/** The name in a Host header: certificates know no ports. */
function hostOf(header: string | undefined): string | undefined {
  return header === undefined ? undefined : (splitHostPort(header)?.host ?? header)
}
