// SPDX-License-Identifier: Apache-2.0
import { defineMetrics, type Run } from '@leadline/kit'

/** Where the time of a probe went. */
export const phaseMetrics = defineMetrics({
  probe_http_duration_seconds: {
    type: 'gauge',
    help: 'Seconds by phase, summed over redirects; transfer is of the last response alone. resolve is absent when a proxy resolves, the others when no request was about to be sent.',
    labels: { phase: 'resolve, connect, tls, processing, transfer' },
    source: "events of the connection, as Go's httptrace has them",
  },
})

const labels = {
  resolve: { phase: 'resolve' },
  connect: { phase: 'connect' },
  tls: { phase: 'tls' },
  processing: { phase: 'processing' },
  transfer: { phase: 'transfer' },
} as const

/** One part of a probe's time. */
export type Phase = keyof typeof labels

const requestPhases = ['connect', 'tls', 'processing', 'transfer'] as const

/** The phases of one run, in seconds, summed as they are measured and reported at its end. */
export class Phases {
  resolve: number | undefined
  connect: number | undefined
  tls: number | undefined
  processing: number | undefined
  transfer: number | undefined

  #resolvingSince: number | undefined

  /** The lookup of the target's name begins; `at` is in seconds of the run's clock. */
  resolving(at: number): void {
    this.#resolvingSince = at
  }

  /** The lookup of the target's name is over. */
  resolved(at: number): void {
    if (this.#resolvingSince !== undefined) this.add('resolve', at - this.#resolvingSince)
    this.#resolvingSince = undefined
  }

  /** Makes all but resolve zero: a request is about to be sent. */
  begin(): void {
    for (const phase of requestPhases) this[phase] = 0
  }

  /** Adds seconds to a phase. */
  add(phase: Phase, seconds: number): void {
    this[phase] = (this[phase] ?? 0) + seconds
  }

  /** Sets the samples of the phases that there were; a lookup that goes on counts up to now. */
  report({ set, now }: Pick<Run<unknown, typeof phaseMetrics>, 'set' | 'now'>): void {
    this.resolved(now())
    for (const [phase, label] of labelled) {
      const seconds = this[phase]
      if (seconds !== undefined) set('probe_http_duration_seconds', seconds, label)
    }
  }
}

const labelled = Object.entries(labels) as readonly (readonly [Phase, { readonly phase: Phase }])[]
