// SPDX-License-Identifier: Apache-2.0
import { RecordingLogger, systemClock } from '@leadline/kit'
import type { Test } from 'tap'
import { makeCertificate } from '../../../../test/servers/certificate.ts'
import { type Cluster, openCluster } from '../../src/client/cluster.ts'
import { type FakeApi, startFakeApi } from './fake-api.ts'

/** An API server that speaks TLS and knows tokens. */
export interface Secured {
  readonly api: FakeApi
  /** Keys of a kubeconfig's cluster. */
  readonly trust: object
  /** The tokens that the server takes. */
  readonly known: Set<string>
}

/** Starts one that knows no token yet. */
export async function startSecured(t: Test): Promise<Secured> {
  const { certificate: cert, key } = await makeCertificate()
  const known = new Set<string>()
  const isKnown = (authorization = ''): boolean => known.has(authorization)
  const api = await startFakeApi(t, { tls: { cert, key }, isKnown })
  return { api, known, trust: { 'certificate-authority-data': Buffer.from(cert).toString('base64') } }
}

/** What each request so far said of who we are. */
export function authorizations(api: FakeApi): readonly (string | undefined)[] {
  return api.requests.map(({ headers }) => headers.authorization)
}

/** Opens a cluster by a kubeconfig or by other surroundings. */
export function openIn(
  t: Test,
  kubeconfig: string | undefined,
  surroundings = { env: {}, serviceAccountFolder: '' },
): Cluster {
  const log = new RecordingLogger('debug', systemClock.unix)
  const cluster = openCluster({ kubeconfig, userAgent: 'leadline-test/1', clock: systemClock, log, surroundings })
  t.teardown(() => cluster.close())
  return cluster
}
