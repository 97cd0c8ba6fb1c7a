// SPDX-License-Identifier: Apache-2.0
import { type Clock, type Logger, messageOf, startTicker } from '@leadline/kit'
import { HttpReader, type MemberTls, PageError } from '../http-reader.ts'
import { type CommandLine, readCommandLine } from './command-line.ts'
import { readEtcdPage } from './etcd-page.ts'
import { gaugeFamilies } from './families.ts'
import { numberOf } from './numbers.ts'
import type { ParsedMetrics } from './text-format.ts'
import type { MemberMetricsView } from './view.ts'
import { isRestart, readingOf, type Window, withReading } from './window.ts'
import { windowView } from './window-view.ts'

/** Bytes of /debug/vars at most; etcd's has some 5 kB. */
const maxVarsBytes = 1_048_576

/** Part of the period that a read may take, so that it has ended when the next one is due. */
const deadlinePart = 0.9

/** Whose metrics to read, and how often. */
export interface MemberMetricsOptions {
  /** The client URL, which has the command line too. */
  readonly endpoint: string
  /** Address of the metrics page. */
  readonly page: URL
  readonly tls: MemberTls
  readonly clock: Clock
  readonly log: Logger
  readonly periodSeconds?: number
  readonly windowSeconds?: number
  /** Part of the period, from 0 to 1, that the first read waits. */
  readonly phase?: number
}

/** What is known of a member's page at one moment. */
export interface OwnMetrics {
  /** Whether the last read succeeded; undefined before the first one has ended. */
  readonly isUp: boolean | undefined
  /** Unix time at which the last page that was read had been asked for; undefined before the first. */
  readonly lastSuccessAt: number | undefined
  /** The page as last read; undefined when that is two periods ago, or never was. */
  readonly page: ParsedMetrics | undefined
  /** Undefined until the page was read. */
  readonly view: MemberMetricsView | undefined
}

/** What a page and those before it say, whenever it is asked for. */
type Told = Omit<MemberMetricsView, 'ago' | 'isCurrent'>

interface GoodRead {
  readonly page: ParsedMetrics
  /** Monotonic and unix seconds at which it was asked for. */
  readonly at: number
  readonly unixAt: number
  readonly told: Told
}

/** The member's clock minus ours, when a page that was asked for and got at these unix times says that it is `dateAt`. */
function offsetOf(dateAt: number, askedAt: number, gotAt: number): number {
  // The header is cut to whole seconds, so that the middle of its second is the best guess.
  return dateAt + 0.5 - (askedAt + gotAt) / 2
}

/** Reads a member's own metrics page again and again, and says what the last one and the last minute of them tell. */
export class MemberMetrics {
  readonly #options: MemberMetricsOptions
  readonly #periodSeconds: number
  readonly #reader: HttpReader
  readonly #stopped = new AbortController()
  #isReading = false
  #lastSucceeded: boolean | undefined
  #good: GoodRead | undefined
  #window: Window = []
  #commandLine: CommandLine | undefined
  #wantsCommandLine = true

  constructor(options: MemberMetricsOptions) {
    this.#options = options
    this.#periodSeconds = options.periodSeconds ?? 5
    this.#reader = new HttpReader(options.tls, this.#periodSeconds * deadlinePart)
  }

  /** Reads the page each period until the signal aborts or `stop` is called; a failure is logged once and never thrown. */
  start(signal: AbortSignal): void {
    const { clock, phase = 0 } = this.#options
    if (signal.aborted) return
    signal.addEventListener('abort', () => this.stop(), { once: true, signal: this.#stopped.signal })
    const ticker = { intervalSeconds: this.#periodSeconds, phase, clock, signal: this.#stopped.signal }
    startTicker(ticker, () => {
      if (!this.#isReading) void this.#read()
    })
  }

  /** Ends the reading and the connections. */
  stop(): void {
    this.#stopped.abort()
    this.#reader.close()
  }

  /** All that is known of the page now. */
  state(): OwnMetrics {
    const view = this.view()
    return {
      isUp: this.#lastSucceeded,
      lastSuccessAt: this.#good?.unixAt,
      page: view?.isCurrent ? this.#good?.page : undefined,
      view,
    }
  }

  /** What the last page and the window say; undefined until the page was read. */
  view(): MemberMetricsView | undefined {
    if (this.#good === undefined) return undefined
    const { at, told } = this.#good
    const ago = this.#options.clock.now() - at
    return { ago, isCurrent: ago < 2 * this.#periodSeconds, ...told }
  }

  /** The settings on the member's command line; undefined while they are not known. */
  commandLine(): CommandLine | undefined {
    return this.#commandLine
  }

  async #read(): Promise<void> {
    this.#isReading = true
    try {
      await this.#readPage()
      this.#report(undefined)
      if (this.#wantsCommandLine) await this.#readCommandLine()
    } catch (error) {
      if (!this.#stopped.signal.aborted) this.#report(error)
    } finally {
      this.#isReading = false
    }
  }

  async #readPage(): Promise<void> {
    const { clock, page: url, windowSeconds = 60 } = this.#options
    const [at, unixAt] = [clock.now(), clock.unix()]
    const { metrics: page, dateAt } = await readEtcdPage(this.#reader, url)
    const clockOffset = dateAt === undefined ? undefined : offsetOf(dateAt, unixAt, clock.unix())
    const reading = readingOf(page, at)
    const last = this.#window.at(-1)
    if (last !== undefined && isRestart(last, reading)) this.#forgetCommandLine()
    // Half a period more, or the jitter of the ticks would now and then cost a whole one.
    this.#window = withReading(this.#window, reading, windowSeconds + this.#periodSeconds / 2)
    const told = {
      clockOffsetSeconds: clockOffset,
      quotaBytes: numberOf(page, gaugeFamilies.quotaBytes),
      isDefragmenting: numberOf(page, gaugeFamilies.defragInFlight) === 1,
      ...windowView(this.#window),
    }
    this.#good = { page, at, unixAt, told }
  }

  #forgetCommandLine(): void {
    this.#commandLine = undefined
    this.#wantsCommandLine = true
  }

  /** Tries again at the next period when there was no answer; an answer without a command line stands until a restart. */
  async #readCommandLine(): Promise<void> {
    const { endpoint, log } = this.#options
    const url = new URL('/debug/vars', endpoint)
    try {
      this.#commandLine = readCommandLine((await this.#reader.read(url, maxVarsBytes)).text)
      this.#wantsCommandLine = false
    } catch (error) {
      this.#wantsCommandLine = error instanceof PageError && error.status === undefined
      log.debug("The member's command line can't be read", { err: messageOf(error) })
    }
  }

  #report(error: unknown): void {
    const { log, page } = this.#options
    const succeeded = error === undefined
    if (succeeded && this.#lastSucceeded === false)
      log.info("The member's metrics page can be read again", { url: page.href })
    if (!succeeded && this.#lastSucceeded !== false) {
      log.warn("The member's metrics page can't be read", { err: messageOf(error) })
    }
    this.#lastSucceeded = succeeded
  }
}
