// SPDX-License-Identifier: Apache-2.0
import {
  type Clock,
  type ExecuteOptions,
  Executor,
  encode,
  type Family,
  type LogLevel,
  type LogRecord,
  type MetricTable,
  type Outcome,
  RecordingLogger,
  type RunAborter,
  textFormat,
} from '@leadline/kit'
import { probers } from '../modules.ts'
import type { ProbeCounters } from './counters.ts'
import type { History } from './history.ts'
import { probeMetrics } from './metrics.ts'
import type { ProbeRequest } from './request.ts'
import type { ProbeResult } from './result.ts'

/** What probing needs from the program around it. */
export interface ProbeServiceOptions {
  readonly clock: Clock
  readonly history: History
  readonly counters: ProbeCounters
  /** The least level that a probe's log keeps; a request for the debug page keeps all. */
  readonly logLevel: LogLevel
  /** Takes each log line of a probe with what was probed. */
  readonly sink: (record: LogRecord, request: ProbeRequest) => void
}

/** Whoever asked for a probe; hears once of its answer, or of a fault of ours. */
export interface ProbeCaller {
  /** Whether the answer has all log lines. */
  readonly debug: boolean
  /** Ends the probe early when the caller leaves. */
  readonly controller: RunAborter
  answered(answer: ProbeAnswer): void
  /** Must not throw. */
  failed(error: unknown): void
}

/** A result for whoever asked for the probe. */
export interface ProbeAnswer {
  readonly result: ProbeResult
  readonly families: readonly Family[]
}

const executors: ReadonlyMap<string, Executor<unknown, MetricTable>> = new Map(
  probers.map((prober) => [prober.name, new Executor(prober, probeMetrics)]),
)

/** Runs probes and remembers their results. */
export class ProbeService {
  readonly #options: ProbeServiceOptions

  constructor(options: ProbeServiceOptions) {
    this.#options = options
  }

  /** Probes once. */
  probe(request: ProbeRequest, caller: ProbeCaller): void {
    const { clock, logLevel, sink, counters } = this.#options
    const { controller, debug } = caller
    const { module, prober, target, timeoutSeconds } = request
    counters.begin()
    const keep = debug ? 'debug' : logLevel
    const log = new RecordingLogger(keep, clock.unix, (record) => sink(record, request))
    log.debug('Beginning probe', { prober: prober.name, timeout_seconds: timeoutSeconds })
    const executor = executors.get(prober.name) as Executor<unknown, MetricTable>
    const config = module[prober.name] ?? prober.config.absent
    const conclude: ExecuteOptions<unknown>['conclude'] = (ending, durationSeconds, set) => {
      set('probe_duration_seconds', durationSeconds)
      set('probe_success', ending === 'success' ? 1 : 0)
      set('probe_timeout_seconds', timeoutSeconds)
    }
    executor.start({ target, config, timeoutSeconds, log, clock, conclude, controller }, (outcome) => {
      try {
        caller.answered(this.#answer(request, outcome, log))
      } catch (error) {
        caller.failed(error)
      }
    })
  }

  #answer({ module, moduleName, target }: ProbeRequest, outcome: Outcome, log: RecordingLogger): ProbeAnswer {
    const { history, counters } = this.#options
    const { ending, durationSeconds, families } = outcome
    counters.end(moduleName, ending)
    const success = ending === 'success'
    log.debug(success ? 'Probe succeeded' : 'Probe failed', { duration_seconds: durationSeconds })
    const page = encode(families, textFormat)
    const { records } = log
    const result = { moduleName, module, target, success, ending, durationSeconds, records, page }
    history.add(result)
    return { result, families }
  }
}
