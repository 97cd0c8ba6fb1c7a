// SPDX-License-Identifier: Apache-2.0
import type { Run } from '@leadline/kit'
import { authorizationFor, extraHeaders } from './authorization.ts'
import type { HttpConfig } from './config.ts'
import type { Cookies } from './cookies.ts'
import { canonicalHeaderName } from './headers-config.ts'
import { type Hop, siteUrl } from './redirect.ts'
import { checkFields, type RequestPlan, userAgent } from './request.ts'
import { decodePercent } from './target.ts'
import type { Field } from './wire.ts'

/** Fields of `headers` that are for the first site alone, as in Go's client. */
const ownSiteFields = new Set([
  'Authorization',
  'Www-Authenticate',
  'Cookie',
  'Cookie2',
  'Proxy-Authorization',
  'Proxy-Authenticate',
])

/**
 * The fields of a hop's request: those of the module, then credentials, `http_headers`, cookies and Referer.
 * Another site that a redirect led to gets no credentials. `cookies` is undefined on the first hop.
 * Throws CheckFailed when a field can't be had or sent.
 */
export function hopFields(
  run: Pick<Run<HttpConfig, never>, 'config' | 'signal'>,
  plan: RequestPlan,
  hop: Hop,
  cookies: Cookies | undefined,
): readonly Field[] | Promise<readonly Field[]> {
  const plain = !plan.hasCredentials && hop.url.userinfo === undefined
  return plain && cookies === undefined ? plan.fields : gatherFields(run, plan, hop, cookies)
}

async function gatherFields(
  { config, signal }: Pick<Run<HttpConfig, never>, 'config' | 'signal'>,
  plan: RequestPlan,
  hop: Hop,
  cookies: Cookies | undefined,
): Promise<readonly Field[]> {
  const kept = plan.fields.filter(
    ([name]) => !(hop.foreign && ownSiteFields.has(name)) && !isForLostBody(plan, hop, name),
  )
  const fields = new Map<string, Field>(kept.map((field) => [field[0], field]))
  const authorization = fields.has('Authorization') ? undefined : await authorizationOf(config, signal, hop)
  if (authorization !== undefined) fields.set('Authorization', ['Authorization', authorization])
  const cookie = [fields.get('Cookie')?.[1], cookies?.header(siteUrl(hop))].filter(Boolean).join('; ')
  if (cookie !== '') fields.set('Cookie', ['Cookie', cookie])
  if (hop.referer !== '' && !fields.has('Referer')) fields.set('Referer', ['Referer', hop.referer])
  const all = [...fields.values(), ...(await addedFields(config, hop))]
  checkFields(all)
  return all
}

/** Fields that describe a body which a redirect dropped (RFC 9110 section 15.4). */
function isForLostBody(plan: RequestPlan, hop: Hop, name: string): boolean {
  return plan.hasBody && !hop.withBody && name.startsWith('Content-')
}

/** Userinfo in the URL beats the config, as in the peer. */
async function authorizationOf(config: HttpConfig, signal: AbortSignal, hop: Hop): Promise<string | undefined> {
  const { userinfo } = hop.url
  if (userinfo !== undefined) {
    const [name = '', password = ''] = userinfo.split(/:(.*)/s).map(decodePercent)
    return `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`
  }
  return hop.foreign ? undefined : authorizationFor(config, { signal, userAgent })
}

/** `http_headers`; a foreign site gets only the names whose values are all in the open. */
async function addedFields(config: HttpConfig, hop: Hop): Promise<readonly Field[]> {
  if (config.http_headers.size === 0) return []
  const added = await extraHeaders(config)
  if (!hop.foreign) return added
  const open = new Set<string>()
  for (const [name, { secrets, files }] of config.http_headers) {
    if (secrets.length === 0 && files.length === 0 && !ownSiteFields.has(canonicalHeaderName(name)))
      open.add(canonicalHeaderName(name))
  }
  return added.filter(([name]) => open.has(canonicalHeaderName(name)))
}
