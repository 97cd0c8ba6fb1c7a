// SPDX-License-Identifier: Apache-2.0
import type { RunSignal } from '@leadline/kit'
import type { Address } from '../net/resolve.ts'

/** Who is asked, and from where. */
export interface Server {
  readonly address: Address
  readonly port: number
  /** Address to ask from; the system chooses when empty. */
  readonly localAddress: string
}

/** What an exchange tells while it goes on. */
export interface ExchangeOptions {
  /** Ends the exchange; its socket is then closed at once. */
  readonly signal: RunSignal
  /** Called when the query can be sent. */
  readonly connected: () => void
  /** Called once when the exchange is over, however it ended, and within the dispatch of `signal`'s event if that ends it. */
  readonly ended: () => void
}
