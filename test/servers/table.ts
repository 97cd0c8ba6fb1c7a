// SPDX-License-Identifier: Apache-2.0
import { debianProgram } from './debian.ts'
import type { ServerName } from './find.ts'
import { goPrograms } from './golang.ts'

/** One source of real servers: a later server is a further row. */
export interface ServerRow {
  /** What it brings, by the names that tests ask for. */
  readonly brings: readonly ServerName[]
  /** As in `Prometheus 3.15.0`. */
  readonly title: string
  /** Gives the path of each executable, bringing what is not there yet. Throws with one line that names the mend. */
  readonly bring: (cache: string) => Promise<Readonly<Partial<Record<ServerName, string>>>>
}

/** Every real server that the tests and benchmarks use. */
export const servers: readonly ServerRow[] = [
  {
    brings: ['prometheus', 'promtool'],
    title: 'Prometheus 3.15.0 with promtool',
    bring: goPrograms({
      folder: 'prometheus-3.15.0',
      module: 'github.com/prometheus/prometheus',
      // Prometheus 3.x.y is v0.3xx.y as a Go module.
      version: 'v0.315.0',
      // Finds targets in files and by HTTP all the same.
      tags: 'remove_all_sd,enable_kubernetes_sd',
      programs: { prometheus: 'cmd/prometheus', promtool: 'cmd/promtool' },
    }),
  },
  {
    brings: ['blackbox_exporter'],
    title: 'blackbox_exporter, the peer',
    bring: debianProgram({
      name: 'blackbox_exporter',
      packages: ['prometheus-blackbox-exporter'],
      executable: '/usr/bin/prometheus-blackbox-exporter',
      versionFlag: '--version',
    }),
  },
  {
    brings: ['nsd'],
    title: 'NSD, a DNS server',
    bring: debianProgram({ name: 'nsd', packages: ['nsd'], executable: '/usr/sbin/nsd', versionFlag: '-v' }),
  },
  {
    brings: ['etcd_3_4'],
    title: "etcd 3.4, Debian's",
    bring: debianProgram({
      name: 'etcd_3_4',
      packages: ['etcd-server'],
      executable: '/usr/bin/etcd',
      versionFlag: '--version',
    }),
  },
  etcd('etcd_3_5', '3.5.35'),
  etcd('etcd_3_7', '3.7.3'),
  {
    brings: ['kube_apiserver', 'kube_controller_manager', 'kube_scheduler'],
    title: 'Kubernetes 1.36.3: API server, controller manager, scheduler',
    bring: goPrograms({
      folder: 'kubernetes-1.36.3',
      module: 'k8s.io/kubernetes',
      version: 'v1.36.3',
      stagingVersion: 'v0.36.3',
      // Without it /version says v0.0.0-master.
      ldflags: '-X k8s.io/component-base/version.gitVersion=v1.36.3',
      programs: {
        kube_apiserver: 'cmd/kube-apiserver',
        kube_controller_manager: 'cmd/kube-controller-manager',
        kube_scheduler: 'cmd/kube-scheduler',
      },
    }),
  },
  {
    brings: ['kwok'],
    title: 'kwok 0.8.0, which plays the kubelets',
    bring: goPrograms({
      folder: 'kwok-0.8.0',
      module: 'sigs.k8s.io/kwok',
      version: 'v0.8.0',
      programs: { kwok: 'cmd/kwok' },
    }),
  },
  {
    brings: ['strace'],
    title: 'strace, which makes a disk slow',
    bring: debianProgram({ name: 'strace', packages: ['strace'], executable: '/usr/bin/strace', versionFlag: '-V' }),
  },
]

function etcd(name: ServerName, version: string): ServerRow {
  return {
    brings: [name],
    title: `etcd ${version}`,
    bring: goPrograms({
      folder: `etcd-${version}`,
      module: 'go.etcd.io/etcd/server/v3',
      version: `v${version}`,
      programs: { [name]: '' },
    }),
  }
}
