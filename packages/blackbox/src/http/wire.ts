// SPDX-License-Identifier: Apache-2.0

/** Header fields of a response; names are asked for in lower case. */
export interface Headers {
  /** All values of a name in the order they came; undefined for none. */
  get(name: string): readonly string[] | undefined
  /** The first value of a name. */
  first(name: string): string | undefined
}

/** A header field that is sent: its name as written on the wire, and its value. */
export type Field = readonly [name: string, value: string]

/** Status line and header fields of a response. */
export interface ResponseHead {
  /** `HTTP/1.1`, `HTTP/2.0`: as blackbox_exporter's `valid_http_versions` spells it. */
  readonly version: string
  readonly status: number
  readonly headers: Headers
  /** Bytes that the head announces; -1 when it announces none, as Go's Response.ContentLength. */
  readonly contentLength: number
}

/** Takes the bytes of a body as they come. */
export interface BodySink {
  /** Takes a part. Gives false to be left alone until it calls `drained`. Throws to end the reading. */
  write(part: Buffer): boolean
  /** Set by the reader. */
  drained: (() => void) | undefined
}

/** Has a source that was paused for a sink go on once the sink is drained. */
export function resumeWhenDrained(sink: BodySink, source: { resume(): unknown }): void {
  // Not written where it is assigned: V8 makes such a function in its old space, and until the next full collection that
  // keeps all that it leads to, here the whole run: quick collections then took 3 ms under load instead of 1.
  const resume = (): void => void source.resume()
  sink.drained = resume
}

/** What is done with a response as it comes in. A throw ends the exchange. */
export interface ResponseHandler {
  /** The first byte came, if only of an interim response. */
  firstByte(): void
  /** The head of the final response came. Gives where the body goes; undefined leaves it unread and ends the exchange. */
  head(head: ResponseHead): BodySink | undefined
}

/** The peer sent what is not HTTP, or more than we are ready to keep. */
export class MalformedResponse extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'MalformedResponse'
  }
}

/** The connection ended before the message did. */
export class TruncatedResponse extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'TruncatedResponse'
  }
}

/** Largest size in bytes of a response's head, 1xx heads and trailers included. */
export const maxHeadBytes = 1_048_576

/** Most header fields of one head. */
export const maxFields = 10_000
