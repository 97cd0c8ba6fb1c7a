// SPDX-License-Identifier: Apache-2.0
import { hiddenSecret, list, mapOf, object, type Shape, secret, text } from '@leadline/kit'

/** Headers that a config may not add: the connection, the body or the credentials depend on them. */
const reserved = new Set([
  'Authorization',
  'Host',
  'Content-Encoding',
  'Content-Length',
  'Content-Type',
  'User-Agent',
  'Connection',
  'Keep-Alive',
  'Proxy-Authenticate',
  'Proxy-Authorization',
  'Www-Authenticate',
  'Accept-Encoding',
  'X-Prometheus-Remote-Write-Version',
  'X-Prometheus-Remote-Read-Version',
  'X-Prometheus-Scrape-Timeout-Seconds',
  'X-Amz-Date',
  'X-Amz-Security-Token',
  'X-Amz-Content-Sha256',
])

/** RFC 9110 section 5.6.2. */
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

/** Whether a text can be a method or the name of a header (a token, RFC 9110 section 5.6.2). */
export function isToken(value: string): boolean {
  return token.test(value)
}

/** A header's name as Go spells it: each word capitalised (`Accept-Encoding`); a name that is no token stays as it is. */
export function canonicalHeaderName(name: string): string {
  if (!isToken(name)) return name
  return name.toLowerCase().replaceAll(/(?:^|-)[a-z]/g, (start) => start.toUpperCase())
}

function nameMistake(name: string): string | undefined {
  return isToken(name) ? undefined : `"${name}" is not the name of a header`
}

function valueMistake(value: string): string | undefined {
  return /[^\t -~\u0080-\u{10ffff}]/u.test(value) ? 'a header takes no control characters' : undefined
}

/** Names whose values are credentials, whatever the block that they stand in calls them. */
const telling = /(?:^|[-_])(?:authorization|auth|cookie|token|secret|password|passwd|assertion|api-?_?key)s?$/i

/** A mapping of texts in which values with a telling name, such as `Authorization` or `client_secret`, aren't printed. */
export function guarded(shape: Shape<ReadonlyMap<string, string>>): Shape<ReadonlyMap<string, string>> {
  return { ...shape, print: (map) => shape.print(withoutCredentials(map)) }
}

function withoutCredentials(map: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map([...map].map(([name, value]) => [name, hide(name, value)]))
}

function hide(name: string, value: string): string {
  return telling.test(name) && value !== '' ? hiddenSecret : value
}

/** `headers`: one value for each name. */
export const headers = guarded(
  mapOf(
    'Headers of the request; Host and User-Agent replace the usual ones. Credentials in them are not printed.',
    text('Value of the header.', { check: valueMistake }),
    { checkName: nameMistake },
  ),
)

const source = object('Where the values of a header come from; all of them are sent.', {
  values: list('Values as they are.', text('A value.', { check: valueMistake })),
  secrets: list('Values that are never printed.', secret('A value.')),
  files: list('Files that hold one value each; read for each probe.', text('Path of a file.')),
})

/** `http_headers`: headers that are added to each request, from texts, secrets and files. */
export const httpHeaders = mapOf('Headers to add to each request.', source, {
  checkName(name) {
    const canonical = canonicalHeaderName(name)
    return reserved.has(canonical) ? `setting header "${canonical}" is not allowed` : nameMistake(name)
  },
})
