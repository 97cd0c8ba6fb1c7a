// SPDX-License-Identifier: Apache-2.0
import { defineMetrics, stateModule } from '@leadline/kit'
import { ofCluster, ofMember } from './labels.ts'

const metrics = defineMetrics({
  etcd_endpoint_certificate_expiry_timestamp_seconds: {
    type: 'gauge',
    help: "Unix time at which the member's server certificate ends; absent for http and before it was first seen.",
    labels: ofMember,
    source: 'a TLS handshake of its own each 5 minutes',
  },
  etcd_cluster_client_certificate_expiry_timestamp_seconds: {
    type: 'gauge',
    help: "Unix time at which the exporter's own client certificate for the cluster ends; absent without one.",
    labels: ofCluster,
    source: 'tls_config.cert_file',
  },
  etcd_cluster_credentials_readable: {
    type: 'gauge',
    help: 'Whether the files with certificates, key and password can be read and used; while 0 the last good ones are in use.',
    labels: ofCluster,
    source: 'tls_config and password_file',
  },
})

/** What is known of the certificates and other credentials between the exporter and one cluster. */
export interface CredentialsView {
  /** The cluster's name. */
  readonly name: string
  /** Why they can't be read now; undefined when all is well. */
  readonly problem: string | undefined
  /** Unix seconds. */
  readonly clientCertificateEndsAt: number | undefined
  /** Label of a member to the end of its certificate, in unix seconds. */
  readonly serverCertificatesEndAt: ReadonlyMap<string, number>
}

/** Tells when certificates end, and whether the exporter's own credentials can be used. */
export const certificates = (clusters: () => readonly CredentialsView[]) =>
  stateModule({
    name: 'certificates',
    metrics,
    tell(set) {
      for (const { name, problem, clientCertificateEndsAt, serverCertificatesEndAt } of clusters()) {
        const labels = { etcd_cluster: name }
        set('etcd_cluster_credentials_readable', problem === undefined ? 1 : 0, labels)
        if (clientCertificateEndsAt !== undefined) {
          set('etcd_cluster_client_certificate_expiry_timestamp_seconds', clientCertificateEndsAt, labels)
        }
        for (const [member, endsAt] of serverCertificatesEndAt) {
          set('etcd_endpoint_certificate_expiry_timestamp_seconds', endsAt, { ...labels, member })
        }
      }
    },
  })
