// SPDX-License-Identifier: Apache-2.0
import type { Failure } from '../ops.ts'
import { tlsTrouble } from './connector.ts'
import type { CallFailed, StatusName } from './line.ts'

/** What a failed call comes to. */
export interface Verdict {
  readonly failure: Failure
  /** What is wrong and, where that is known, how to mend it; one line. */
  readonly text: string
}

interface Row {
  readonly says: RegExp
  readonly failure: Failure
  /** Takes the place of what was said. */
  readonly text?: string
  readonly mend?: string
}

/** What etcd answers (etcd, api/v3rpc/rpctypes/error.go). Its texts are alike from 3.4 to 3.7, its codes are not. */
const etcdSays: readonly Row[] = [
  { says: /database space exceeded/, failure: 'nospace', mend: 'compact, defragment, then disarm the NOSPACE alarm' },
  { says: /corrupt cluster/, failure: 'corrupt' },
  { says: /etcdserver: (no leader|leader changed)/, failure: 'no_leader' },
  { says: /etcdserver: request timed out|context deadline exceeded/, failure: 'deadline' },
  { says: /etcdserver: server stopped/, failure: 'unreachable' },
  { says: /user name is empty/, failure: 'auth', mend: 'authentication is on: set username and password' },
  { says: /authentication failed|user name not found/, failure: 'auth', mend: 'check username and password' },
  { says: /permission denied/, failure: 'auth', mend: "grant it to a role of the exporter's user" },
  { says: /invalid auth token|revision of auth store is old/, failure: 'auth' },
]

const byCode: Readonly<Partial<Record<StatusName, Failure>>> = {
  DEADLINE_EXCEEDED: 'deadline',
  UNAVAILABLE: 'unreachable',
  UNAUTHENTICATED: 'auth',
  PERMISSION_DENIED: 'auth',
  DATA_LOSS: 'corrupt',
}

/** What OpenSSL and Node.js say of handshakes and of the files for them. */
const tlsSays: readonly Row[] = [
  {
    says: /UNABLE_TO_VERIFY_LEAF_SIGNATURE|SELF_SIGNED_CERT|UNABLE_TO_GET_ISSUER_CERT/,
    failure: 'tls',
    text: 'the certificate of the member is of an authority that is not trusted',
    mend: 'put that authority into ca_file',
  },
  {
    says: /CERT_HAS_EXPIRED/,
    failure: 'tls',
    text: 'the certificate of the member has expired',
    mend: 'renew it',
  },
  {
    says: /CERT_NOT_YET_VALID/,
    failure: 'tls',
    text: 'the certificate of the member is not valid yet',
    mend: 'compare the clocks',
  },
  {
    says: /ERR_TLS_CERT_ALTNAME_INVALID/,
    failure: 'tls',
    text: 'the certificate of the member is not for the host in its URL',
    mend: 'set server_name to a name in the certificate',
  },
  {
    says: /key values mismatch/,
    failure: 'tls',
    text: 'cert_file and key_file do not belong together',
  },
  {
    says: /alert (certificate required|bad certificate|handshake failure)/,
    failure: 'tls',
    text: 'the member wants a client certificate of an authority that it trusts',
    mend: 'set cert_file and key_file',
  },
  {
    says: /alert unknown ca/,
    failure: 'tls',
    text: 'the member does not trust the authority of our client certificate',
    mend: 'change cert_file and key_file',
  },
  {
    says: /alert certificate expired/,
    failure: 'tls',
    text: 'our client certificate has expired',
    mend: 'renew cert_file and key_file',
  },
]

/** Classes a failed call by what etcd, gRPC or TLS said. */
export function verdictOn({ code, message }: Pick<CallFailed, 'code' | 'message'>): Verdict {
  const said = withoutWrapping(message)
  const text = plain(said) || code
  if (code === 'DEADLINE_EXCEEDED') return { failure: 'deadline', text }
  const isTls = said.startsWith(`${tlsTrouble} `) || said.includes('SSL routines')
  const row = (isTls ? tlsSays : etcdSays).find(({ says }) => says.test(said))
  if (row !== undefined) return { failure: row.failure, text: withMend(row.text ?? text, row.mend) }
  if (isTls) return { failure: 'tls', text }
  const isLost = code === 'INTERNAL' && /ECONN|EPIPE|socket|session/i.test(said)
  return { failure: isLost ? 'unreachable' : (byCode[code] ?? 'other'), text }
}

/** What is wrong with TLS when a connection to a member ends like this, and how to mend it; undefined when that is not known. */
export function tlsText({ code = '', message }: NodeJS.ErrnoException): string | undefined {
  const row = tlsSays.find(({ says }) => says.test(`${code} ${message}`))
  return row && withMend(row.text ?? message, row.mend)
}

/** Whether the member refused the call for want of a token that it knows, so that a new login may help. */
export function wantsLogin({ message }: Pick<CallFailed, 'message'>): boolean {
  return /invalid auth token|revision of auth store is old|user name is empty/.test(message)
}

/** Whether an Authenticate call failed because there is no authentication. */
export function isAuthOff({ message }: Pick<CallFailed, 'message'>): boolean {
  return message.includes('authentication is not enabled')
}

/** Whether a connection was closed before anything of the protocol came, as when http meets https. */
export function isMute({ message }: Pick<CallFailed, 'message'>): boolean {
  return /Failed to connect|socket disconnected|closed during the TLS|ECONNRESET|Protocol error|wrong version number/.test(
    message,
  )
}

function withMend(text: string, mend: string | undefined): string {
  return mend === undefined ? text : `${text}; ${mend}`
}

/** The last error of a channel without what grpc-js puts around it: a constant, a class name, and the time. */
function withoutWrapping(details: string): string {
  const inner = /^No connection established\. Last error: (?<error>.*?)\. Resolution note: /s.exec(details)?.groups
  return (inner?.['error'] ?? details).replace(/^Error( \[\w+\])?: /, '').replace(/\s*\(\d{4}-[\dT:.-]+Z\)$/, '')
}

/** OpenSSL's text without its numbers and file names, and anything on one line. */
function plain(said: string): string {
  const openssl = /SSL routines:\w*:(?<reason>[^:]+)/.exec(said)?.groups?.['reason']
  const text = openssl === undefined ? said : `${tlsTrouble}: ${openssl}`
  return text
    .replace(/; if the root CA is installed locally.*/s, '')
    .replaceAll(/\s+/g, ' ')
    .replace(' : ', ': ')
    .trim()
}
