// SPDX-License-Identifier: Apache-2.0
import { type DestinationStream, type Logger as Pino, pino } from 'pino'
import type { Clock } from './clock.ts'
import { type LogFields, type Logger, type LogLevel, logLevels } from './log.ts'
import { plainFields } from './log-fields.ts'
import { logfmt } from './logfmt.ts'

/** Where and how a program logs. */
export interface LogOptions {
  readonly level: LogLevel
  readonly format: 'logfmt' | 'json'
  /** Takes whole lines with their newline. */
  readonly destination: DestinationStream
  readonly clock: Clock
}

/** A logger that writes through pino, and gives others that write to the same place. */
export interface WritingLogger extends Logger {
  /** The same log with another threshold. */
  at(level: LogLevel): WritingLogger
}

/** Makes the log of a program: a line has `time`, `level` in capitals and `msg`, as Prometheus programs write it. */
export function createLogger({ level, format, destination, clock }: LogOptions): WritingLogger {
  const writer = pino(
    {
      // The threshold is ours, so that a level that is off costs one comparison.
      level: 'debug',
      base: null,
      timestamp: () => `,"time":"${new Date(clock.unix() * 1000).toISOString()}"`,
      formatters: { level: (label) => ({ level: label.toUpperCase() }) },
    },
    format === 'json' ? destination : { write: (line) => destination.write(toLogfmt(line)) },
  )
  return new PinoLogger(writer, level)
}

function toLogfmt(line: string): string {
  const { time, level, msg, ...fields } = JSON.parse(line) as Record<string, string>
  return `${logfmt({ time: time ?? '', level: level ?? '', msg: msg ?? '', ...fields })}\n`
}

class PinoLogger implements WritingLogger {
  readonly #pino: Pino
  readonly #lowest: number

  constructor(writer: Pino, level: LogLevel) {
    this.#pino = writer
    this.#lowest = logLevels.indexOf(level)
  }

  at(level: LogLevel): WritingLogger {
    return new PinoLogger(this.#pino, level)
  }
  debug(message: string, fields?: LogFields): void {
    if (this.#lowest <= 0) this.#write('debug', message, fields)
  }
  info(message: string, fields?: LogFields): void {
    if (this.#lowest <= 1) this.#write('info', message, fields)
  }
  warn(message: string, fields?: LogFields): void {
    if (this.#lowest <= 2) this.#write('warn', message, fields)
  }
  error(message: string, fields?: LogFields): void {
    this.#write('error', message, fields)
  }

  #write(level: LogLevel, message: string, fields: LogFields | undefined): void {
    // Pino would read `%s` in a message as a place for more arguments, but there are none, so it writes it as it is.
    if (fields === undefined) this.#pino[level](message)
    else this.#pino[level](plainFields(fields), message)
  }
}
