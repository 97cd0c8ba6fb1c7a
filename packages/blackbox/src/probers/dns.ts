// SPDX-License-Identifier: Apache-2.0
import { CheckFailed, defineMetrics, messageOf, type Run } from '@leadline/kit'
import { type DnsConfig, dnsConfig } from '../dns/config.ts'
import { exchangeDatagrams } from '../dns/datagram.ts'
import type { ExchangeOptions, Server } from '../dns/exchange.ts'
import { decodeMessage, type Message } from '../dns/message.ts'
import { makeQuery, prefixLength } from '../dns/query.ts'
import { answerSerial, isSigned } from '../dns/records.ts'
import { exchangeOnStream, type Secure } from '../dns/stream.ts'
import { validateCode, validateRecords } from '../dns/validate.ts'
import { chooseAddress, resolveMetrics } from '../net/resolve.ts'
import { parsePort, splitHostPort } from '../net/target.ts'
import { defineProber } from '../prober.ts'
import { tlsMaterial } from '../tls/context.ts'
import { handshake } from '../tls/handshake.ts'

const metrics = defineMetrics({
  ...resolveMetrics,
  probe_dns_additional_rrs: {
    type: 'gauge',
    help: 'Records in the additional section of the reply, an OPT record included; 0 without a reply.',
    source: 'RFC 1035 section 4.1',
  },
  probe_dns_answer_rrs: {
    type: 'gauge',
    help: 'Records in the answer section of the reply; 0 without a reply.',
    source: 'RFC 1035 section 4.1',
  },
  probe_dns_authority_rrs: {
    type: 'gauge',
    help: 'Records in the authority section of the reply; 0 without a reply.',
    source: 'RFC 1035 section 4.1',
  },
  probe_dns_duration_seconds: {
    type: 'gauge',
    help: 'Seconds of each phase: resolve the target, connect to it (with the TLS handshake), and wait for the reply.',
    labels: { phase: 'resolve, connect, request' },
    source: 'the phases of the exchange, timed by the exporter',
  },
  probe_dns_query_succeeded: {
    type: 'gauge',
    help: '1 when a reply arrived that is a DNS message, whatever its response code; 0 otherwise.',
    source: 'the exchange and RFC 1035 section 4.1',
  },
  probe_dns_serial: {
    type: 'gauge',
    help: 'Serial of the SOA record in the answer, 0 when it has none; absent without a reply and for other query types.',
    source: 'RFC 1035 section 3.3.13',
  },
})

type DnsRun = Run<DnsConfig, typeof metrics>

const resolvePhase = Object.freeze({ phase: 'resolve' } as const)
const connectPhase = Object.freeze({ phase: 'connect' } as const)
const requestPhase = Object.freeze({ phase: 'request' } as const)

/** Asks a name server one question, and judges the reply by its response code and its records. */
export const dns = defineProber({
  name: 'dns',
  metrics,
  config: dnsConfig,
  async run(run) {
    setZeros(run)
    const { host, port } = serverOf(run)
    const begin = run.now()
    const choosing = chooseAddress(run, host, run.config)
    const address = choosing instanceof Promise ? await choosing : choosing
    run.set('probe_dns_duration_seconds', run.now() - begin, resolvePhase)
    const message = await ask(run, { address, port, localAddress: run.config.source_ip_address }, host)
    report(run, message)
    validateCode(run.config, message)
    const validating = validateRecords(run, message)
    if (validating !== undefined) await validating
  },
})

function setZeros({ set }: DnsRun): void {
  set('probe_dns_duration_seconds', 0, resolvePhase)
  set('probe_dns_duration_seconds', 0, connectPhase)
  set('probe_dns_duration_seconds', 0, requestPhase)
  set('probe_dns_answer_rrs', 0)
  set('probe_dns_authority_rrs', 0)
  set('probe_dns_additional_rrs', 0)
  set('probe_dns_query_succeeded', 0)
}

/** A target without a port is a host alone, also when it is an IPv6 address. */
function serverOf({ target, config }: DnsRun): { readonly host: string; readonly port: number } {
  const split = splitHostPort(target)
  if (split === undefined) return { host: target.replace(/^\[(.*)\]$/, '$1'), port: config.dns_over_tls ? 853 : 53 }
  const port = split.port === 'domain' ? 53 : parsePort(split.port)
  if (port === undefined || port === 0) {
    throw new CheckFailed('The port of the target is not a port', { port: split.port })
  }
  return { host: split.host, port }
}

async function ask(run: DnsRun, server: Server, host: string): Promise<Message> {
  const { config } = run
  const { framed } = makeQuery(config)
  const options = timedExchange(run)
  run.log.debug('Making DNS query', { ip: server.address.ip, port: server.port, query: config.query_name })
  try {
    const octets =
      config.transport_protocol === 'tcp'
        ? await exchangeOnStream(server, framed, options, config.dns_over_tls ? securedFor(run, host) : undefined)
        : await exchangeDatagrams(server, framed.subarray(prefixLength), options)
    const message = decodeMessage(octets)
    if (isSigned(message)) throw new Error('the reply has a transaction signature (TSIG), and there is no key for it')
    return message
  } catch (error) {
    if (error instanceof CheckFailed) throw error
    throw new CheckFailed('Error while sending a DNS query', { err: messageOf(error) })
  }
}

/** Sets the phases of an exchange when it is over, a timeout's too. */
function timedExchange({ now, set, signal }: DnsRun): ExchangeOptions {
  const begin = now()
  let connectedAt: number | undefined
  return {
    signal,
    connected() {
      connectedAt = now()
    },
    ended() {
      const end = now()
      set('probe_dns_duration_seconds', (connectedAt ?? end) - begin, connectPhase)
      if (connectedAt !== undefined) set('probe_dns_duration_seconds', end - connectedAt, requestPhase)
    },
  }
}

function securedFor({ config, signal }: DnsRun, host: string): Secure {
  return async (socket) => {
    const material = await tlsMaterial(config.tls_config)
    const serverName = config.tls_config.server_name === '' ? host : config.tls_config.server_name
    return handshake(socket, material, { serverName, signal })
  }
}

function report({ config, log, set }: DnsRun, message: Message): void {
  const { answer, authority, additional, rcode } = message
  set('probe_dns_answer_rrs', answer.length)
  set('probe_dns_authority_rrs', authority.length)
  set('probe_dns_additional_rrs', additional.length)
  set('probe_dns_query_succeeded', 1)
  if (config.query_type === 'SOA') set('probe_dns_serial', answerSerial(message))
  log.debug('Got response', {
    rcode,
    answer: answer.length,
    authority: authority.length,
    additional: additional.length,
  })
}
