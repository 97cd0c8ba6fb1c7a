// SPDX-License-Identifier: Apache-2.0
import type net from 'node:net'
import { type BodyReader, bodyReader } from './body-reader.ts'
import { HeadReader } from './h1-head.ts'
import { type ResponseHandler, resumeWhenDrained, TruncatedResponse } from './wire.ts'

/**
 * Reads one HTTP/1 response from a socket, until its body is whole or the handler wants no body.
 * Rejects with MalformedResponse, TruncatedResponse, the socket's error, or what the handler throws.
 * The socket is not given back for another request; its owner destroys it.
 */
export function readResponse(socket: net.Socket, method: string, handler: ResponseHandler): Promise<void> {
  return new Promise((resolve, reject) => {
    const reading = new Http1Reading(socket, method, handler)
    const settle = (outcome: Error | boolean): void => {
      if (outcome === false) return
      socket.off('data', take).off('end', end).off('error', settle).off('close', close)
      if (outcome === true) resolve()
      else reject(outcome)
    }
    const take = (chunk: Buffer): void => settle(reading.take(chunk))
    const end = (): void => settle(reading.end())
    const close = (): void => settle(new TruncatedResponse('the connection was closed'))
    socket.on('data', take).on('end', end).on('error', settle).on('close', close)
  })
}

/** One response on its way in. */
class Http1Reading {
  readonly #socket: net.Socket
  readonly #handler: ResponseHandler
  readonly #head: HeadReader
  #body: BodyReader | undefined
  /** Whether nothing more is read, for the response is whole or broken. */
  #over = false

  constructor(socket: net.Socket, method: string, handler: ResponseHandler) {
    this.#socket = socket
    this.#handler = handler
    this.#head = new HeadReader(method)
  }

  /** Takes what the socket read. Gives whether the response is over. */
  take(chunk: Buffer): boolean | Error {
    if (this.#over) return true
    try {
      this.#over = this.#body === undefined ? this.#takeHead(chunk) : this.#body.push(chunk)
      return this.#over
    } catch (error) {
      this.#over = true
      return error as Error
    }
  }

  #takeHead(chunk: Buffer): boolean {
    if (!this.#head.begun) this.#handler.firstByte()
    const rest = this.#head.push(chunk)
    const head = this.#head.head
    if (rest === undefined || head === undefined) return false
    const sink = this.#handler.head(head)
    if (sink === undefined) return true
    resumeWhenDrained(sink, this.#socket)
    this.#body = bodyReader(head.framing, (part) => {
      if (!sink.write(part)) this.#socket.pause()
    })
    return this.#body === undefined || this.#body.push(rest)
  }

  /** The peer closed its side. */
  end(): true | Error {
    if (this.#over) return true
    if (this.#body !== undefined) return this.#body.close() ?? true
    return new TruncatedResponse(
      this.#head.begun
        ? 'the connection was closed within the head of the response'
        : 'the connection was closed without a response',
    )
  }
}
