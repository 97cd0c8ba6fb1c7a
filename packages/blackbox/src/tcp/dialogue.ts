// SPDX-License-Identifier: Apache-2.0
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { CheckFailed, defineMetrics, type Run } from '@leadline/kit'
import type { Pattern } from '../match/pattern.ts'
import { Channel } from './channel.ts'
import type { QueryResponse } from './config.ts'
import { expectInfoLabels, expectInfoMetrics } from './expect-info.ts'

/** What a dialogue reports. */
export const dialogueMetrics = defineMetrics({
  ...expectInfoMetrics,
  probe_failed_due_to_bytes: {
    type: 'gauge',
    help: '1 when other bytes came than expect_bytes, 0 otherwise; absent when no connection was made.',
    source: 'query_response[].expect_bytes against what the target sent',
  },
  probe_failed_due_to_regex: {
    type: 'gauge',
    help: '1 when the target ended without a line that expect matches, 0 otherwise; absent when no connection was made.',
    source: 'query_response[].expect against the lines that the target sent',
  },
})

type DialogueRun = Pick<Run<unknown, typeof dialogueMetrics>, 'set' | 'log'>

/** Goes over to TLS on the socket that the dialogue was given. */
export type Secure = () => Promise<Socket>

const newline = Buffer.from('\n')

/** Lines of a target that a run logs; a banner without end must not fill the memory with them. */
const loggedLines = 100

/** What a target says and is told after the connection stands, as `query_response` has it. */
export class Dialogue {
  readonly #run: DialogueRun
  readonly #secure: Secure
  #channel: Channel
  #isSecure: boolean
  #lines = 0

  /** `secure` is called for `starttls`. */
  constructor(run: DialogueRun, socket: Socket, secure: Secure) {
    this.#run = run
    this.#secure = secure
    this.#isSecure = socket instanceof TLSSocket
    this.#channel = new Channel(socket)
  }

  /**
   * Goes through the entries in their order and sets `dialogueMetrics`.
   * Throws CheckFailed when the target answers otherwise than expected or breaks off, and what `secure` throws.
   */
  async speak(entries: readonly QueryResponse[]): Promise<void> {
    for (const [number, entry] of entries.entries()) {
      this.#run.log.debug('Processing query response entry', { entry_number: number })
      const send = entry.expect === undefined ? entry.send : await this.#expectLine(entry, entry.expect)
      if (entry.expect_bytes !== undefined) await this.#expectBytes(entry.expect_bytes)
      if (send !== undefined && send.length > 0) await this.#channel.send(Buffer.concat([send, newline]))
      if (entry.starttls) await this.#startTls()
    }
  }

  /** Waits for the line and gives what is to be sent, filled from it. */
  async #expectLine(entry: QueryResponse, expect: Pattern): Promise<Buffer | undefined> {
    const found = await this.#channel.findLine((line) => {
      this.#logLine(line)
      const match = expect.find(line)
      if (match === undefined) return undefined
      if (entry.labels.length > 0) this.#run.set('probe_expect_info', 1, expectInfoLabels(entry.labels, match))
      return { send: entry.send && match.expand(entry.send) }
    })
    if (found !== undefined) return found.send
    this.#run.set('probe_failed_due_to_regex', 1)
    throw new CheckFailed('Regexp did not match', { regexp: expect.source })
  }

  #logLine(line: Buffer): void {
    this.#lines++
    if (this.#lines > loggedLines) return
    this.#run.log.debug('Read line', { line: line.toString('utf8', 0, 1024) })
    if (this.#lines === loggedLines) this.#run.log.debug('Further lines are not logged')
  }

  async #expectBytes(expected: Buffer): Promise<void> {
    const read = await this.#channel.readBytes(expected.length)
    if (read.equals(expected)) return
    this.#run.set('probe_failed_due_to_bytes', 1)
    throw new CheckFailed('Bytes did not match', { expected: hex(expected), bytes: hex(read) })
  }

  async #startTls(): Promise<void> {
    if (this.#isSecure) throw new CheckFailed('starttls on a connection that is TLS already')
    // Who sits in between can send plain text along with the last reply; read later, it would look protected.
    const { unread } = this.#channel
    if (unread > 0) throw new CheckFailed('Plain text came after the reply that starttls follows', { bytes: unread })
    this.#channel.release()
    this.#channel = new Channel(await this.#secure())
    this.#isSecure = true
  }
}

function hex(bytes: Buffer): string {
  return bytes.toString('hex', 0, 64)
}
