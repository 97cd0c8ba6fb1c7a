// SPDX-License-Identifier: Apache-2.0
import { CheckFailed, defineMetrics, messageOf, type Run } from '@leadline/kit'
import type { HttpConfig } from './config.ts'
import { parseHttpDate } from './http-date.ts'
import { keptBytesLimit, MeasuredBody } from './measured-body.ts'
import { checkBody, checkHeaders, needsBody } from './rules.ts'
import type { ResponseHead } from './wire.ts'

/** What the final response of a probe reports. */
export const responseMetrics = defineMetrics({
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
  probe_http_last_modified_timestamp_seconds: {
    type: 'gauge',
    help: 'Unix seconds of the Last-Modified header of the final response; absent when there is no such date.',
    source: 'Last-Modified (RFC 9110 section 8.8.2)',
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

type CheckRun = Pick<Run<HttpConfig, typeof responseMetrics>, 'config' | 'set' | 'log' | 'signal'>

/** Whether a config has CEL expressions. */
export function hasCel(config: HttpConfig): boolean {
  return config.fail_if_body_json_matches_cel !== undefined || config.fail_if_body_json_not_matches_cel !== undefined
}

function hasBodyPatterns(config: HttpConfig): boolean {
  return config.fail_if_body_matches_regexp.length > 0 || config.fail_if_body_not_matches_regexp.length > 0
}

/** Judges the final response of a probe: every check is made that still says something, and the first failure is kept. */
export class ResponseCheck {
  readonly #run: CheckRun
  readonly #head: ResponseHead
  /** Where the body goes; undefined when it is not read, as with a redirect that is not followed. */
  readonly body: MeasuredBody | undefined
  #failure: CheckFailed | undefined

  /** Makes the checks that need no body. */
  constructor(run: CheckRun, head: ResponseHead, readsBody: boolean) {
    const { config } = run
    this.#run = run
    this.#head = head
    run.set('probe_http_status_code', head.status)
    run.set('probe_http_content_length', head.contentLength)
    run.set('probe_http_version', Number(head.version.slice('HTTP/'.length)))
    this.#checkStatus()
    if (this.#failure === undefined) this.#checkHeaders()
    if (!readsBody) return
    const keep = this.#failure === undefined && needsBody(config)
    this.body = new MeasuredBody({ compression: config.compression, limit: config.body_size_limit, keep })
  }

  /** Notes the first failure; later ones are only logged. */
  fail(message: string, fields: Readonly<Record<string, unknown>> = {}): void {
    if (this.#failure === undefined) this.#failure = new CheckFailed(message, fields)
    else this.#run.log.error(message, fields)
  }

  /** Sets how much of the body came; for the end, and for when the deadline comes first. */
  countBody(): void {
    if (this.body !== undefined) this.#run.set('probe_http_uncompressed_body_length', this.body.bytes)
  }

  /** Makes the checks that come after the body; `bodyError` is what ended its reading early. Throws the first failure, or rejects with it. */
  finish(bodyError: unknown, secure: boolean): Promise<void> | undefined {
    if (this.#failure === undefined && needsBody(this.#run.config)) {
      return this.#checkBody(bodyError).then(() => this.#conclude(bodyError, secure))
    }
    this.#conclude(bodyError, secure)
    return undefined
  }

  #conclude(bodyError: unknown, secure: boolean): void {
    if (bodyError !== undefined) this.fail('Reading the body of the response failed', { err: messageOf(bodyError) })
    this.#reportLastModified()
    this.#checkVersion()
    if (secure && this.#run.config.fail_if_ssl) this.fail('The final request was over TLS')
    if (!secure && this.#run.config.fail_if_not_ssl) this.fail('The final request was not over TLS')
    if (this.#failure !== undefined) throw this.#failure
  }

  #checkStatus(): void {
    const { status } = this.#head
    const { valid_status_codes: valid } = this.#run.config
    if (valid.length === 0 ? status >= 200 && status < 300 : valid.includes(status)) return
    const wanted = valid.length === 0 ? '2xx' : valid.join(' ')
    this.fail('The status code of the response is not valid', { status_code: status, valid_status_codes: wanted })
  }

  #checkHeaders(): void {
    const failure = checkHeaders(this.#run.config, this.#head.headers)
    if (failure === undefined) return
    this.#run.set('probe_failed_due_to_regex', 1)
    this.fail(failure.reason, failure.fields)
  }

  async #checkBody(bodyError: unknown): Promise<void> {
    const { config, signal } = this.#run
    const kept = bodyError === undefined ? this.body?.takeKept() : undefined
    if (kept === undefined) {
      // A body that can't be had fails whichever rule asks for it first.
      this.#run.set(hasBodyPatterns(config) ? 'probe_failed_due_to_regex' : 'probe_failed_due_to_cel', 1)
      this.fail('The body of the response can not be matched', { err: this.#whyNoBody(bodyError) })
      return
    }
    const verdict = await checkBody(config, kept, signal)
    if (verdict.failedByRegex) this.#run.set('probe_failed_due_to_regex', 1)
    if (verdict.failedByCel) this.#run.set('probe_failed_due_to_cel', 1)
    if (verdict.failedByRegex || verdict.failedByCel) {
      this.fail(verdict.reason ?? 'Body failed a rule', verdict.fields)
    }
  }

  #whyNoBody(bodyError: unknown): string {
    if (bodyError !== undefined) return messageOf(bodyError)
    return this.body === undefined
      ? 'the body of a redirect that is not followed is not read'
      : `the body is larger than ${keptBytesLimit} bytes; set body_size_limit to allow for more`
  }

  #reportLastModified(): void {
    const text = this.#head.headers.get('last-modified')?.[0]
    const seconds = text === undefined ? undefined : parseHttpDate(text)
    if (seconds !== undefined) this.#run.set('probe_http_last_modified_timestamp_seconds', seconds)
  }

  #checkVersion(): void {
    const { valid_http_versions: valid } = this.#run.config
    if (valid.length === 0 || valid.includes(this.#head.version)) return
    this.fail('The HTTP version of the response is not valid', {
      version: this.#head.version,
      valid_http_versions: valid.join(' '),
    })
  }
}
