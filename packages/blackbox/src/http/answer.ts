// SPDX-License-Identifier: Apache-2.0
import { CheckFailed, defineMetrics, messageOf, type Run } from '@leadline/kit'
import { certificateMetrics, cipherMetrics, reportCertificates, reportCipher } from '../tls/certificates.ts'
import type { HttpConfig } from './config.ts'
import type { Connection } from './connect.ts'
import type { Measurements } from './measurements.ts'
import type { Hop } from './redirect.ts'
import { ResponseCheck } from './response-check.ts'
import type { BodySink, ResponseHandler, ResponseHead } from './wire.ts'

/** What the TLS connection of a final response reports. */
export const answerMetrics = defineMetrics({ ...certificateMetrics, ...cipherMetrics })

/** What to make of a response that may redirect: the hop that it asks for, `refused` when that one is not made, undefined when it is final by itself. */
export type Redirector = (head: ResponseHead) => Hop | 'refused' | undefined

/** The response of one hop on its way in. */
export class Answer implements ResponseHandler {
  readonly #run: Run<HttpConfig, typeof answerMetrics>
  readonly #measured: Measurements
  readonly #connection: Connection
  readonly #redirector: Redirector
  #firstByteAt = 0
  #check: ResponseCheck | undefined
  #ended = false
  /** Where the response redirects to. */
  next: Hop | undefined
  /** Set-Cookie fields of a response that redirects. */
  setCookies: readonly string[] = []

  constructor(
    run: Run<HttpConfig, typeof answerMetrics>,
    measured: Measurements,
    connection: Connection,
    redirector: Redirector,
  ) {
    this.#run = run
    this.#measured = measured
    this.#connection = connection
    this.#redirector = redirector
  }

  firstByte(): void {
    this.#firstByteAt = this.#run.now()
    this.#measured.processing += this.#firstByteAt - this.#connection.readyAt
  }

  head(head: ResponseHead): BodySink | undefined {
    this.#run.log.debug('Received HTTP response', { status_code: head.status })
    const next = this.#redirector(head)
    if (next !== undefined && next !== 'refused') {
      this.next = next
      this.setCookies = head.headers.get('set-cookie') ?? []
      return undefined
    }
    this.#reportTls()
    this.#check = new ResponseCheck(this.#run, this.#measured, head, next !== 'refused')
    return this.#check.body
  }

  /** Resolves when all that came of the body is decoded; undefined when that is so already. Rejects with the decoder's error. */
  decoded(): Promise<void> | undefined {
    return this.#check?.body?.finish()
  }

  /** Measures what came of the body: at its end, or at the deadline when that comes first. */
  endBody(): void {
    if (this.#check === undefined || this.#ended) return
    this.#ended = true
    this.#measured.bodyBytes = this.#check.body?.bytes ?? 0
    this.#measured.transfer = this.#run.now() - this.#firstByteAt
    this.#check.body?.destroy()
  }

  /** Judges the final response; `error` is what ended the exchange early. Throws CheckFailed, or what is our own fault. */
  judge(error: unknown): Promise<void> | undefined {
    if (error instanceof CheckFailed || isOurFault(error)) throw error
    if (this.#check !== undefined) return this.#check.finish(error)
    throw new CheckFailed('The HTTP request failed', { err: messageOf(error) })
  }

  #reportTls(): void {
    const { tls } = this.#connection
    this.#measured.secure = tls !== undefined
    if (tls === undefined) return
    reportCertificates(this.#run, tls.socket, tls.material)
    reportCipher(this.#run, tls.socket)
  }
}

/** The errors of networks and peers are plain; these come from code that is wrong. */
function isOurFault(error: unknown): boolean {
  return [TypeError, RangeError, ReferenceError, SyntaxError].some((kind) => error instanceof kind)
}
