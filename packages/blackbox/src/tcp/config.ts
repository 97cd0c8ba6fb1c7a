// SPDX-License-Identifier: Apache-2.0
import net from 'node:net'
import { binary, bool, type Infer, type InferFields, list, type ObjectNode, object, text } from '@leadline/kit'
import { pattern } from '../match/pattern.ts'
import { tlsConfig } from '../tls/config.ts'

const label = object(
  'A label of probe_expect_info.',
  {
    name: text('Name of the label.', { check: labelNameMistake }),
    value: text('Its value; $1 or ${1} stand for groups of the match of `expect`.'),
  },
  { required: ['name'] },
)

const entryFields = {
  expect: pattern('Lines are read until one matches.'),
  expect_bytes: binary('Exactly these bytes have to come next.'),
  labels: list('Labels of probe_expect_info, filled from the line that `expect` matched.', label),
  send: binary('Sent with a newline after it; $1 or ${1} stand for groups of the match of `expect`.'),
  starttls: bool('Whether to go over to TLS.'),
}

const entry = object('Steps of a dialogue: expect, then expect_bytes, then send, then starttls.', entryFields, {
  check: checkEntry,
})

/** An entry of a dialogue. */
export type QueryResponse = InferFields<typeof entryFields>

function checkEntry({ expect, expect_bytes, labels }: QueryResponse, node: ObjectNode): void {
  if (expect !== undefined && expect_bytes !== undefined && expect_bytes.length > 0)
    node.at('expect_bytes').fail('expect and expect_bytes are mutually exclusive')
  const names = new Set<string>()
  for (const { name } of labels) {
    if (names.has(name)) node.at('labels').fail(`label ${name} is there twice`)
    names.add(name)
  }
}

function labelNameMistake(name: string): string | undefined {
  if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name))
    return `"${name}" is not a label name; it takes letters, digits and _, and no digit first`
  return name.startsWith('__') ? `"${name}" is reserved: names with __ in front are Prometheus' own` : undefined
}

/** Settings of the tcp prober. */
export const tcpConfig = object('Settings of the tcp prober.', {
  preferred_ip_protocol: text('ip6 (default) or ip4: which addresses of a name come first.'),
  ip_protocol_fallback: bool('Whether the other family may serve when the preferred one has no address.', true),
  source_ip_address: text('Address that connections come from.', {
    check: (address) => (net.isIP(address) === 0 ? `"${address}" is not an IP address` : undefined),
  }),
  query_response: list('The dialogue with the target.', entry),
  tls: bool('Whether the connection is TLS from its start.'),
  tls_config: tlsConfig,
})

/** Settings of the tcp prober. */
export type TcpConfig = Infer<typeof tcpConfig>
