// SPDX-License-Identifier: Apache-2.0
import { defineMetrics, type Run } from '@leadline/kit'

/** What an http probe measures of its requests and of the final response. */
export const measurementMetrics = defineMetrics({
  probe_failed_due_to_cel: {
    type: 'gauge',
    help: '1 if a CEL expression about the body failed the probe, was no boolean or could not be evaluated; absent when the module has none.',
    source: 'fail_if_body_json_matches_cel, fail_if_body_json_not_matches_cel',
  },
  probe_failed_due_to_regex: {
    type: 'gauge',
    help: '1 if a regular expression about the body or a header failed the probe; 0 also when the status failed it before.',
    source: 'fail_if_body_*_regexp, fail_if_header_*',
  },
  probe_http_content_length: {
    type: 'gauge',
    help: 'Content-Length of the final response in bytes; -1 when it announces none, 0 without a response.',
    source: 'Content-Length (RFC 9110 section 8.6)',
  },
  probe_http_duration_seconds: {
    type: 'gauge',
    help: 'Seconds by phase, summed over redirects; transfer is of the last response alone. resolve is absent when a proxy resolves, the others when no request was about to be sent.',
    labels: { phase: 'resolve, connect, tls, processing, transfer' },
    source: "events of the connection, as Go's httptrace has them",
  },
  probe_http_last_modified_timestamp_seconds: {
    type: 'gauge',
    help: 'Unix seconds of the Last-Modified header of the final response; absent when there is no such date.',
    source: 'Last-Modified (RFC 9110 section 8.8.2)',
  },
  probe_http_redirects: {
    type: 'gauge',
    help: 'Redirects that were met; the last of them was not followed when the module says so, or when it was the eleventh.',
    source: 'responses with status 301, 302, 303, 307 or 308 and a Location',
  },
  probe_http_ssl: {
    type: 'gauge',
    help: '1 if the final response came over TLS.',
    source: 'scheme of the final URL',
  },
  probe_http_status_code: {
    type: 'gauge',
    help: 'Status code of the final response; 0 without one.',
    source: 'status line or :status',
  },
  probe_http_uncompressed_body_length: {
    type: 'gauge',
    help: 'Bytes of the body of the final response, after decompression and up to the limit; 0 when it was not read.',
    source: 'the body as it was read',
  },
  probe_http_version: {
    type: 'gauge',
    help: 'HTTP version of the final response, such as 1.1; 0 without one.',
    source: 'status line, or ALPN',
  },
})

const connect = Object.freeze({ phase: 'connect' } as const)
const processing = Object.freeze({ phase: 'processing' } as const)
const resolve = Object.freeze({ phase: 'resolve' } as const)
const tls = Object.freeze({ phase: 'tls' } as const)
const transfer = Object.freeze({ phase: 'transfer' } as const)

/** What was measured in one run so far; it is reported once, when the run is over or cut. */
export class Measurements {
  /** Seconds of a phase, summed over hops; undefined while the name has not been looked up. */
  resolve: number | undefined
  /** Whether a request was about to be sent, from when on the phases below count. */
  isRequesting = false
  connect = 0
  tls = 0
  processing = 0
  transfer = 0
  redirects = 0
  secure = false
  status = 0
  /** As in `ResponseHead`. */
  contentLength = 0
  bodyBytes = 0
  version = 0
  /** Unix seconds. */
  lastModified: number | undefined
  failedByRegex = false
  failedByCel = false
  #resolvingSince: number | undefined

  /** The lookup of the target's name begins; `at` is in seconds of the run's clock. */
  resolving(at: number): void {
    this.#resolvingSince = at
  }

  /** The lookup of the target's name is over. */
  resolved(at: number): void {
    if (this.#resolvingSince !== undefined) this.resolve = at - this.#resolvingSince
    this.#resolvingSince = undefined
  }

  /** Sets the samples; a lookup that goes on counts up to now. `withCel` is whether the module has CEL expressions. */
  report({ set, now }: Pick<Run<unknown, typeof measurementMetrics>, 'set' | 'now'>, withCel: boolean): void {
    this.resolved(now())
    if (withCel) set('probe_failed_due_to_cel', Number(this.failedByCel))
    set('probe_failed_due_to_regex', Number(this.failedByRegex))
    set('probe_http_content_length', this.contentLength)
    if (this.isRequesting) {
      set('probe_http_duration_seconds', this.connect, connect)
      set('probe_http_duration_seconds', this.processing, processing)
    }
    if (this.resolve !== undefined) set('probe_http_duration_seconds', this.resolve, resolve)
    if (this.isRequesting) {
      set('probe_http_duration_seconds', this.tls, tls)
      set('probe_http_duration_seconds', this.transfer, transfer)
    }
    if (this.lastModified !== undefined) set('probe_http_last_modified_timestamp_seconds', this.lastModified)
    set('probe_http_redirects', this.redirects)
    set('probe_http_ssl', Number(this.secure))
    set('probe_http_status_code', this.status)
    set('probe_http_uncompressed_body_length', this.bodyBytes)
    set('probe_http_version', this.version)
  }
}
