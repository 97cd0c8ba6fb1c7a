// SPDX-License-Identifier: Apache-2.0

import { type Endpoint, endpointsOf } from '../endpoint.ts'
import type { MembershipConfig } from './config.ts'
import { podEndpoints } from './pods.ts'
import { srvEndpoints } from './srv.ts'

/** How the way to the given endpoints can fail; a bound for labels. */
export const seedFailures = ['dns', 'kubernetes'] as const
export type SeedFailure = (typeof seedFailures)[number]

/** The given endpoints could not be found out. */
export class SeedError extends Error {
  readonly failure: SeedFailure
  constructor(failure: SeedFailure, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'SeedError'
    this.failure = failure
  }
}

/** Finds the given endpoints out, at least one. Rejects with SeedError. */
export type SeedSource = (timeoutSeconds: number) => Promise<readonly Endpoint[]>

/** The way to the given endpoints that a config names. `hasTls`: whether the cluster has TLS settings. */
export function seedSource({ endpoints, discovery_srv, static_pods }: MembershipConfig, hasTls: boolean): SeedSource {
  if (discovery_srv !== '') return srvEndpoints(discovery_srv, hasTls)
  if (static_pods !== undefined) return podEndpoints(static_pods, hasTls)
  const fixed = endpointsOf(endpoints, hasTls ? 'https' : 'http')
  return () => Promise.resolve(fixed)
}
