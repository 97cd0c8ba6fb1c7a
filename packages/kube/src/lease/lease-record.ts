// SPDX-License-Identifier: Apache-2.0

/** A Lease of coordination.k8s.io/v1, as far as election reads and writes it. */
export interface LeaseObject {
  readonly apiVersion: 'coordination.k8s.io/v1'
  readonly kind: 'Lease'
  readonly metadata: { readonly name: string; readonly namespace: string; readonly resourceVersion?: string }
  readonly spec?: LeaseSpec
}

/** Who holds a Lease. All may be absent in one that others made. */
export interface LeaseSpec {
  /** Empty or absent when it is free. */
  readonly holderIdentity?: string
  /** Seconds after its last change for which nobody else may take it. */
  readonly leaseDurationSeconds?: number
  /** RFC 3339 with microseconds. */
  readonly acquireTime?: string
  readonly renewTime?: string
  /** How often it went to somebody else. */
  readonly leaseTransitions?: number
}

/** What a new holder writes, or the same one again. */
export function heldBy(
  identity: string,
  durationSeconds: number,
  unixNow: number,
  before: LeaseSpec | undefined,
): LeaseSpec {
  const now = microTime(unixNow)
  const isOurs = before?.holderIdentity === identity
  return {
    holderIdentity: identity,
    leaseDurationSeconds: durationSeconds,
    acquireTime: isOurs ? (before.acquireTime ?? now) : now,
    renewTime: now,
    leaseTransitions: (before?.leaseTransitions ?? 0) + (isOurs || before === undefined ? 0 : 1),
  }
}

/** What a holder writes that goes: whoever comes next need not wait. */
export function released(unixNow: number, before: LeaseSpec | undefined): LeaseSpec {
  const now = microTime(unixNow)
  return { ...before, holderIdentity: '', leaseDurationSeconds: 1, acquireTime: now, renewTime: now }
}

function microTime(unixSeconds: number): string {
  const whole = Math.floor(unixSeconds)
  const micros = Math.floor((unixSeconds - whole) * 1e6)
  return `${new Date(whole * 1000).toISOString().slice(0, 19)}.${String(micros).padStart(6, '0')}Z`
}
