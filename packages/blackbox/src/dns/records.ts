// SPDX-License-Identifier: Apache-2.0
import { recordTypes } from './codes.ts'
import type { Message } from './message.ts'
import { skipName } from './name.ts'

const soaType = recordTypes.get('SOA')
const tsigType = recordTypes.get('TSIG')

/** Serial of the last SOA record in the answer; 0 when there is none, or its data stops before the serial. */
export function answerSerial({ octets, answer }: Message): number {
  const record = answer.findLast(({ type }) => type === soaType)
  if (record === undefined) return 0
  let at = record.dataAt
  for (let names = 0; names < 2 && at < record.end; names++) at = skipName(octets, at, record.end)
  return at < record.end ? octets.readUInt32BE(at) : 0
}

/** Whether the message ends with a transaction signature (RFC 8945 section 5.1). */
export function isSigned({ additional }: Message): boolean {
  return additional.at(-1)?.type === tsigType
}
