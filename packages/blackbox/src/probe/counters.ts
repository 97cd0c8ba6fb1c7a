// SPDX-License-Identifier: Apache-2.0
import { defineMetrics, type Instruments, makeInstruments, type Outcome } from '@leadline/kit'
import type { Registry } from 'prom-client'

/** What the exporter counts about its own probes, on its metrics page. */
export const probeInstruments = defineMetrics({
  blackbox_module_unknown_total: {
    type: 'counter',
    help: 'Requests to /probe that named a module which the config does not have.',
    source: 'requests to /probe',
  },
  blackbox_probes_in_flight: {
    type: 'gauge',
    help: 'Probes that run now.',
    source: 'requests to /probe',
  },
  blackbox_probes_total: {
    type: 'counter',
    help: 'Finished probes by how they ended; a bug is a fault of this exporter, whatever the target did.',
    labels: {
      module: 'names of the modules in the config',
      ending: 'success, failed, timeout, aborted, bug',
    },
    source: 'requests to /probe',
  },
})

type Ending = Outcome['ending']

/** Counts probes. A module's counters are looked up once, since a look-up costs more than the count. */
export class ProbeCounters {
  readonly #instruments: Instruments<typeof probeInstruments>
  readonly #ended = new Map<string, Map<Ending, { inc(): void }>>()

  /** Throws Error when the registry has such instruments already. */
  constructor(registry: Registry) {
    this.#instruments = makeInstruments(probeInstruments, registry)
  }

  unknownModule(): void {
    this.#instruments.blackbox_module_unknown_total.inc()
  }

  begin(): void {
    this.#instruments.blackbox_probes_in_flight.inc()
  }

  end(module: string, ending: Ending): void {
    this.#instruments.blackbox_probes_in_flight.dec()
    const ofModule = this.#ended.get(module) ?? new Map<Ending, { inc(): void }>()
    this.#ended.set(module, ofModule)
    const counter = ofModule.get(ending) ?? this.#instruments.blackbox_probes_total.labels({ module, ending })
    ofModule.set(ending, counter)
    counter.inc()
  }
}
