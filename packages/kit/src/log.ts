// SPDX-License-Identifier: Apache-2.0

/** The four levels of Prometheus programs, quietest last. */
export const logLevels = ['debug', 'info', 'warn', 'error'] as const
export type LogLevel = (typeof logLevels)[number]

/** Values that go beside a constant message. */
export type LogFields = Readonly<Record<string, unknown>>

/** Where code reports; the message is constant and the data is in the fields. */
export interface Logger {
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
}

/** One kept log line. */
export interface LogRecord {
  /** Unix seconds. */
  readonly at: number
  readonly level: LogLevel
  readonly message: string
  readonly fields: LogFields | undefined
}

/** A logger that keeps its records, so that a page can show them later, and passes each on to a sink. */
export class RecordingLogger implements Logger {
  readonly records: LogRecord[] = []
  readonly #lowest: number
  readonly #sink: ((record: LogRecord) => void) | undefined
  readonly #clock: () => number

  /** Keeps records at `level` and above; `clock` gives unix seconds. */
  constructor(level: LogLevel, clock: () => number, sink?: (record: LogRecord) => void) {
    this.#lowest = logLevels.indexOf(level)
    this.#clock = clock
    this.#sink = sink
  }

  debug(message: string, fields?: LogFields): void {
    if (this.#lowest <= 0) this.#keep('debug', message, fields)
  }
  info(message: string, fields?: LogFields): void {
    if (this.#lowest <= 1) this.#keep('info', message, fields)
  }
  warn(message: string, fields?: LogFields): void {
    if (this.#lowest <= 2) this.#keep('warn', message, fields)
  }
  error(message: string, fields?: LogFields): void {
    this.#keep('error', message, fields)
  }

  #keep(level: LogLevel, message: string, fields: LogFields | undefined): void {
    const record = { at: this.#clock(), level, message, fields }
    this.records.push(record)
    this.#sink?.(record)
  }
}

/** Drops everything. */
export const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} }
