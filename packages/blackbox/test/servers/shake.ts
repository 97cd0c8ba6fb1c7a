// SPDX-License-Identifier: Apache-2.0
import type tls from 'node:tls'
import { readConfig } from '@leadline/kit'
import type { Test } from 'tap'
import { dial } from '../../src/net/dial.ts'
import { tlsConfig } from '../../src/tls/config.ts'
import { type TlsMaterial, tlsMaterial } from '../../src/tls/context.ts'
import { handshake } from '../../src/tls/handshake.ts'

/** What one handshake of a test needs. */
export interface ShakeOptions {
  readonly port: number
  /** A `tls_config` block; nothing by default. */
  readonly config?: object
  readonly serverName?: string
  readonly alpn?: readonly string[]
  /** Ends at the end of the test when absent. */
  readonly signal?: AbortSignal
}

/** The material of a `tls_config` block. */
export function materialOf(config: object): Promise<TlsMaterial> {
  return tlsMaterial(readConfig(tlsConfig, JSON.stringify(config), 'test.yml'))
}

/** Dials loopback and shakes hands, as a prober does. */
export async function shake(
  t: Test,
  { port, config = {}, serverName = 'a.example', alpn, signal = endOf(t) }: ShakeOptions,
): Promise<{ readonly socket: tls.TLSSocket; readonly material: TlsMaterial }> {
  const material = await materialOf(config)
  const raw = await dial({ ip: '127.0.0.1', family: 4 }, port, { signal })
  const socket = await handshake(raw, material, { serverName, signal, ...(alpn && { alpn }) })
  return { socket, material }
}

function endOf(t: Test): AbortSignal {
  const controller = new AbortController()
  t.teardown(() => controller.abort())
  return controller.signal
}
