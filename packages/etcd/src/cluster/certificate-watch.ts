// SPDX-License-Identifier: Apache-2.0
import { type Clock, type Logger, messageOf, startTicker } from '@leadline/kit'
import type { Credentials } from '../rpc/credentials.ts'
import { serverCertificateEndsAt } from '../rpc/peer-certificate.ts'

const intervalSeconds = 300
const timeoutSeconds = 5

/** Follows the end of one member's server certificate. */
export class CertificateWatch {
  /** Unix seconds; undefined for http and before the certificate was first seen. */
  endsAt: number | undefined
  readonly #endpoint: string
  readonly #credentials: Credentials
  readonly #log: Logger

  constructor(endpoint: string, credentials: Credentials, log: Logger) {
    this.#endpoint = endpoint
    this.#credentials = credentials
    this.#log = log
  }

  /** Looks now and each 5 minutes until the signal aborts. */
  start(clock: Clock, signal: AbortSignal): void {
    startTicker({ intervalSeconds, phase: 0, clock, signal }, () => void this.#look())
  }

  async #look(): Promise<void> {
    try {
      this.endsAt = await serverCertificateEndsAt(this.#endpoint, this.#credentials, timeoutSeconds)
    } catch (error) {
      // The soundings tell what is wrong with the way to the member.
      this.#log.debug("The member's certificate can't be seen", { err: messageOf(error) })
    }
  }
}
