// SPDX-License-Identifier: Apache-2.0
import { CheckFailed } from '@leadline/kit'
import { splitHostPort } from '../net/target.ts'
import type { HttpConfig } from './config.ts'
import type { Hop } from './redirect.ts'
import type { RequestPlan } from './request.ts'
import { authorityOf, BadUrl, type HttpUrl, parseTarget } from './target.ts'

/** Targets kept for each plan; one more forgets all of them. */
const mostTargets = 1024

const known = new WeakMap<RequestPlan, Map<string, Hop>>()

/** The first hop to a target, before its address is chosen. Kept, since targets come again and again. Throws CheckFailed. */
export function firstHop(config: HttpConfig, plan: RequestPlan, target: string): Hop {
  let hops = known.get(plan)
  if (hops === undefined || hops.size >= mostTargets) known.set(plan, (hops = new Map()))
  let hop = hops.get(target)
  if (hop === undefined) hops.set(target, (hop = makeHop(config, plan, target)))
  return hop
}

function makeHop(config: HttpConfig, plan: RequestPlan, target: string): Hop {
  const url = readTarget(target)
  const host = plan.host ?? authorityOf(url)
  const { method, fields, body, bodyFile, hasBody } = plan
  const isConstant = !plan.hasCredentials && url.userinfo === undefined
  return {
    url,
    address: undefined,
    host,
    serverName: config.tls_config.server_name || hostOf(plan.host) || url.host,
    method,
    withBody: hasBody,
    foreign: false,
    referer: '',
    request: isConstant ? { method, host, path: url.path, absolute: undefined, fields, body, bodyFile } : undefined,
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
