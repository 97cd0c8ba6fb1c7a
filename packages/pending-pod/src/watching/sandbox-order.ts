// SPDX-License-Identifier: Apache-2.0
import { type Cluster, rawOf, textOf } from '@leadline/kube'

/** Since this minor version of Kubernetes 1, kubelets tell that a sandbox is ready before they pull images. */
const sinceMinor = 36

/**
 * Whether kubelets of the API server's version tell that a pod's sandbox is ready before they pull its images; false when the
 * version is not told. Source: /version. Never rejects.
 */
export async function isSandboxFirst(cluster: Pick<Cluster, 'get'>, signal: AbortSignal): Promise<boolean> {
  const version = rawOf(await cluster.get('/version', { signal }).catch(() => undefined))
  // Some providers write it as 36+.
  return textOf(version['major']) === '1' && Number.parseInt(textOf(version['minor']) ?? '', 10) >= sinceMinor
}
