// SPDX-License-Identifier: Apache-2.0
import type { Targets } from './targets/all.ts'

/** One request that both programs answer, and what of the answer must agree beside the status. */
export interface HttpCase {
  readonly name: string
  readonly path: (targets: Targets) => string
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Response headers that must be the same. */
  readonly sameHeaders?: readonly string[]
  /** Whether our body must be the peer's, or begin with it (we add the mend to an error), or may be any; by default
   * the same. */
  readonly body?: 'same' | 'begins' | 'any'
}

const probe = (query: string) => (targets: Targets) => `/probe?target=${encodeURIComponent(targets.silent)}&${query}`
const timeout = (value: string) => ({ 'x-prometheus-scrape-timeout-seconds': value })
const type = ['content-type']
const textPlain = 'text/plain;version=0.0.4'

/** What /probe answers, by parameters, method and headers. */
export const probeRequests: readonly HttpCase[] = [
  { name: 'probe', path: probe('module=tcp_connect'), sameHeaders: type, body: 'any' },
  { name: 'probe, HEAD', method: 'HEAD', path: probe('module=tcp_connect'), sameHeaders: type },
  { name: 'probe, POST', method: 'POST', path: probe('module=tcp_connect'), sameHeaders: type, body: 'any' },
  { name: 'failed probe', path: ({ closed }) => `/probe?module=tcp_connect&target=${closed}`, body: 'any' },
  {
    name: 'unknown module',
    path: probe('module=absent'),
    sameHeaders: [...type, 'x-content-type-options'],
    body: 'begins',
  },
  {
    name: 'no target',
    path: () => '/probe?module=tcp_connect',
    sameHeaders: [...type, 'x-content-type-options'],
    body: 'begins',
  },
  { name: 'empty target', path: () => '/probe?target=&module=tcp_connect', sameHeaders: type, body: 'begins' },
  { name: 'no target, unknown module', path: () => '/probe?module=absent', body: 'begins' },
  { name: 'default module', path: ({ http }) => `/probe?target=${http}/ok`, body: 'any' },
  { name: 'timeout that is no number', path: probe('module=tcp_connect'), headers: timeout('soon'), sameHeaders: type },
  { name: 'timeout in exponent form', path: probe('module=tcp_connect'), headers: timeout('1e1'), body: 'any' },
  { name: 'timeout 0', path: probe('module=tcp_connect'), headers: timeout('0'), body: 'any' },
  {
    name: 'timeout as short as the offset',
    path: probe('module=tcp_connect'),
    headers: timeout('0.5'),
    body: 'any',
  },
  { name: 'Host given twice', path: ({ http }) => `/probe?module=http_headers&hostname=other&target=${http}/ok` },
  {
    name: 'hostname',
    path: ({ http }) => `/probe?module=http_headers&hostname=name.example.test&target=${http}/want-headers`,
    body: 'any',
  },
  { name: 'debug', path: probe('module=tcp_connect&debug=true'), sameHeaders: type, body: 'any' },
  { name: 'debug that is not "true"', path: probe('module=tcp_connect&debug=1'), sameHeaders: type, body: 'any' },
]

/** What the formats of a page are, by Accept and Accept-Encoding. */
export const formatRequests: readonly HttpCase[] = [
  {
    name: 'text',
    headers: { accept: textPlain },
    path: probe('module=tcp_connect'),
    sameHeaders: type,
    body: 'any',
  },
  {
    name: 'anything',
    headers: { accept: '*/*' },
    path: probe('module=tcp_connect'),
    sameHeaders: type,
    body: 'any',
  },
  {
    name: 'gzip',
    headers: { accept: textPlain, 'accept-encoding': 'gzip' },
    path: ({ http }) => `/probe?target=${http}/ok`,
    sameHeaders: ['content-encoding'],
    body: 'any',
  },
  {
    name: 'gzip of a short page',
    headers: { accept: textPlain, 'accept-encoding': 'gzip' },
    path: probe('module=tcp_connect'),
    sameHeaders: ['content-encoding'],
    body: 'any',
  },
  {
    name: 'an encoding nobody speaks',
    headers: { accept: textPlain, 'accept-encoding': 'br' },
    path: probe('module=tcp_connect'),
    sameHeaders: ['content-encoding'],
    body: 'any',
  },
]

/** The other endpoints. */
export const endpointRequests: readonly HttpCase[] = [
  { name: 'healthy', path: () => '/-/healthy', sameHeaders: type },
  { name: 'healthy, POST', method: 'POST', path: () => '/-/healthy' },
  { name: 'healthy, DELETE', method: 'DELETE', path: () => '/-/healthy' },
  { name: 'reload', method: 'POST', path: () => '/-/reload' },
  { name: 'reload, GET', path: () => '/-/reload', sameHeaders: type },
  { name: 'reload, PUT', method: 'PUT', path: () => '/-/reload' },
  { name: 'reload, DELETE', method: 'DELETE', path: () => '/-/reload' },
  { name: 'metrics', path: () => '/metrics', headers: { accept: textPlain }, body: 'any' },
  { name: 'config', path: () => '/config', sameHeaders: type, body: 'any' },
  { name: 'landing page', path: () => '/', sameHeaders: type, body: 'any' },
  { name: 'unknown path', path: () => '/unknown', body: 'any' },
  { name: 'logs without parameters', path: () => '/logs', body: 'any' },
  { name: 'logs with an unknown id', path: () => '/logs?id=12345678', body: 'any' },
  { name: 'logs with an id that is no number', path: () => '/logs?id=first', body: 'any' },
]
