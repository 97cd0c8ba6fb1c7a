// SPDX-License-Identifier: Apache-2.0
import { ApiError, failureOfStatus } from '../client/failure.ts'
import { LineSplitter } from './line-splitter.ts'
import { type ChangeEvent, MalformedLine, parseWatchEvent } from './watch-event.ts'

/** Bytes of a line: etcd takes objects of 1.5 MB, and JSON of twice that. */
const longestLine = 16 * 2 ** 20

/**
 * The events of a watch's body, each as soon as its line is there; what is no event stands in its place as MalformedLine.
 * Throws ApiError for an event that tells the end of the watch, and what the body throws.
 */
export async function* readEvents(body: AsyncIterable<Buffer>): AsyncGenerator<ChangeEvent | MalformedLine> {
  const splitter = new LineSplitter(longestLine)
  for await (const chunk of body) {
    for (const line of splitter.push(chunk)) {
      if (line?.length === 0) continue
      const event = line === undefined ? new MalformedLine(`a line of more than ${longestLine} bytes`) : parsed(line)
      if (!(event instanceof MalformedLine) && event.type === 'ERROR') {
        const { code: status, message, retryAfterSeconds } = event
        throw new ApiError(failureOfStatus(status), `the watch ended: ${message}`, { status, retryAfterSeconds })
      }
      yield event
    }
  }
}

function parsed(line: Buffer): ReturnType<typeof parseWatchEvent> | MalformedLine {
  try {
    return parseWatchEvent(line)
  } catch (error) {
    if (error instanceof MalformedLine) return error
    throw error
  }
}
