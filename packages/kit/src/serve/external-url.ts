// SPDX-License-Identifier: Apache-2.0
import { hostname } from 'node:os'
import { FlagError } from '../flags/table.ts'

/** Where an exporter is found: from outside, and which paths it answers. */
export interface Location {
  /** Without a slash at its end. */
  readonly externalUrl: string
  /** `/` or `/x/`. */
  readonly routePrefix: string
}

/**
 * Location of an exporter from `--web.external-url`, `--web.route-prefix` and the port it listens on, by blackbox_exporter's
 * rules. Throws FlagError for a URL that isn't one.
 */
export function locate(externalUrl: string, routePrefix: string, port: number): Location {
  const here = `http://${hostname()}:${port}`
  const url = externalUrl === '' ? new URL(here) : parseExternalUrl(externalUrl, here)
  const path = trimSlashes(url.pathname)
  const prefix = trimSlashes(routePrefix === '' ? path : routePrefix)
  return {
    externalUrl: `${url.protocol}//${url.host}${path === '' ? '' : `/${path}`}`,
    routePrefix: prefix === '' ? '/' : `/${prefix}/`,
  }
}

function parseExternalUrl(text: string, here: string): URL {
  if (/^["']|["']$/.test(text)) {
    throw new FlagError(`flag --web.external-url must not begin or end with quotes: ${text}`)
  }
  // A value without a scheme is a path to Go's url.Parse, and gives the prefix alone.
  const url = URL.parse(text, text.startsWith('/') ? here : undefined)
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new FlagError(`flag --web.external-url wants a URL such as https://host/path, not "${text}"`)
  }
  return url
}

function trimSlashes(path: string): string {
  return path.replace(/^\/+/, '').replace(/\/+$/, '')
}
