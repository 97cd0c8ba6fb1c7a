// SPDX-License-Identifier: Apache-2.0

/** Where a member's metrics page is when nothing else is configured. */
export const clientMetricsUrl = '{client_url}/metrics'

/**
 * The address of a member's metrics page. In the template `{client_url}` stands for the member's client URL and `{host}` for
 * its host, an IPv6 address in its brackets; `off` gives undefined. Throws RangeError when it comes to no http or https
 * URL, and for a template without either: that would be one page for all members.
 */
export function pageUrl(template: string, endpoint: string): URL | undefined {
  if (template === 'off') return undefined
  // Not shown, as there may be a password in it.
  if (template.includes('@')) throw wrong('with an @', 'it takes no user name and no password')
  if (!/\{(?:client_url|host)\}/.test(template)) throw wrong(template, 'it has neither {client_url} nor {host} in it')
  const client = new URL(endpoint)
  const text = template.replaceAll('{client_url}', client.origin).replaceAll('{host}', client.hostname)
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') throw wrong(template, 'it is no http or https URL')
  return url
}

function wrong(template: string, why: string): RangeError {
  const examples = `${clientMetricsUrl}, http://{host}:2381/metrics or off`
  return new RangeError(`metrics URL ${template}: ${why}; it is like ${examples}`)
}
