// SPDX-License-Identifier: Apache-2.0
import { CheckFailed, defineMetrics } from '@leadline/kit'
import { answerMetrics } from '../http/answer.ts'
import { type HttpConfig, httpConfig } from '../http/config.ts'
import { firstHop } from '../http/destination.ts'
import { canonicalHeaderName } from '../http/headers-config.ts'
import { Journey } from '../http/journey.ts'
import { Measurements, measurementMetrics } from '../http/measurements.ts'
import { mayUseProxy } from '../http/proxy.ts'
import type { Hop } from '../http/redirect.ts'
import { requestPlan } from '../http/request.ts'
import { hasCel } from '../match/body-rules.ts'
import { chooseAddress, resolveMetrics } from '../net/resolve.ts'
import { defineProber, HostnameConflict } from '../prober.ts'

const metrics = defineMetrics({ ...resolveMetrics, ...measurementMetrics, ...answerMetrics })

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
    const measured = new Measurements()
    let journey: Journey | undefined
    const report = (): void => {
      journey?.cut()
      measured.report(run, hasCel(run.config))
    }
    // What was measured until the deadline counts; what listens to the signal is the last that can report it.
    run.signal.addEventListener('abort', report, { once: true })
    try {
      const plan = requestPlan(run.config)
      const unresolved = firstHop(run.config, plan, run.target)
      let first = unresolved
      if (!leavesNameToProxy(run.config)) {
        measured.resolving(run.now())
        const choosing = chooseAddress(run, unresolved.url.host, run.config)
        const address = choosing instanceof Promise ? await choosing : choosing
        measured.resolved(run.now())
        first = { ...unresolved, address }
      }
      if (plan.mistake !== undefined) throw new CheckFailed('The request can not be sent', { err: plan.mistake })
      measured.isRequesting = true
      journey = new Journey(run, plan, measured, first)
      let hop: Hop | undefined = first
      while (hop !== undefined) hop = await journey.make(hop)
    } finally {
      run.signal.removeEventListener('abort', report)
      measured.report(run, hasCel(run.config))
    }
  },
})

/** Whether a proxy gets the name of the target, which is then not looked up here. */
function leavesNameToProxy(config: HttpConfig): boolean {
  return config.skip_resolve_phase_with_proxy && mayUseProxy(config)
}
