// SPDX-License-Identifier: Apache-2.0
import { CheckFailed, messageOf, type Run } from '@leadline/kit'
import type { HttpConfig } from './config.ts'
import { parseHttpDate } from './http-date.ts'
import { keptBytesLimit, MeasuredBody } from './measured-body.ts'
import type { Measurements } from './measurements.ts'
import { checkBody, checkHeaders, needsBody } from './rules.ts'
import type { ResponseHead } from './wire.ts'

type CheckRun = Pick<Run<HttpConfig, never>, 'config' | 'log' | 'signal'>

function hasBodyPatterns(config: HttpConfig): boolean {
  return config.fail_if_body_matches_regexp.length > 0 || config.fail_if_body_not_matches_regexp.length > 0
}

/** Judges the final response of a probe: every check is made that still says something, and the first failure is kept. */
export class ResponseCheck {
  readonly #run: CheckRun
  readonly #measured: Measurements
  readonly #head: ResponseHead
  /** Where the body goes; undefined when it is not read, as with a redirect that is not followed. */
  readonly body: MeasuredBody | undefined
  #failure: CheckFailed | undefined

  /** Makes the checks that need no body. */
  constructor(run: CheckRun, measured: Measurements, head: ResponseHead, readsBody: boolean) {
    const { config } = run
    this.#run = run
    this.#measured = measured
    this.#head = head
    measured.status = head.status
    measured.contentLength = head.contentLength
    measured.version = Number(head.version.slice('HTTP/'.length))
    measured.lastModified = lastModified(head)
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

  /** Makes the checks that come after the body; `bodyError` is what ended its reading early. Throws the first failure, or rejects with it. */
  finish(bodyError: unknown): Promise<void> | undefined {
    if (this.#failure === undefined && needsBody(this.#run.config)) {
      return this.#checkBody(bodyError).then(() => this.#conclude(bodyError))
    }
    this.#conclude(bodyError)
    return undefined
  }

  #conclude(bodyError: unknown): void {
    if (bodyError !== undefined) this.fail('Reading the body of the response failed', { err: messageOf(bodyError) })
    this.#checkVersion()
    const { secure } = this.#measured
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
    this.#measured.failedByRegex = true
    this.fail(failure.reason, failure.fields)
  }

  async #checkBody(bodyError: unknown): Promise<void> {
    const { config, signal } = this.#run
    const kept = bodyError === undefined ? this.body?.takeKept() : undefined
    if (this.#isNoGzip(bodyError)) return
    if (kept === undefined) {
      // A body that can't be had fails whichever rule asks for it first.
      this.#measured[hasBodyPatterns(config) ? 'failedByRegex' : 'failedByCel'] = true
      this.fail('The body of the response can not be matched', { err: this.#whyNoBody(bodyError) })
      return
    }
    const verdict = await checkBody(config, kept, signal)
    this.#measured.failedByRegex = verdict.failedByRegex
    this.#measured.failedByCel = verdict.failedByCel
    if (verdict.failedByRegex || verdict.failedByCel) {
      this.fail(verdict.reason ?? 'Body failed a rule', verdict.fields)
    }
  }

  /** The peer reads the gzip header before any rule, so that what has none fails no rule; its other decoders begin later. */
  #isNoGzip(bodyError: unknown): boolean {
    return bodyError !== undefined && this.#run.config.compression === 'gzip' && this.body?.bytes === 0
  }

  #whyNoBody(bodyError: unknown): string {
    if (bodyError !== undefined) return messageOf(bodyError)
    return this.body === undefined
      ? 'the body of a redirect that is not followed is not read'
      : `the body is larger than ${keptBytesLimit} bytes; set body_size_limit to allow for more`
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

function lastModified({ headers }: ResponseHead): number | undefined {
  const text = headers.first('last-modified')
  return text === undefined ? undefined : parseHttpDate(text)
}
