// SPDX-License-Identifier: Apache-2.0
import { messageOf } from '@leadline/kit'
import { findContext, processSurroundings } from '../client/find-context.ts'

/** What an exporter lacks when no cluster is to be found, as one line; undefined when there is one. */
export function missingCluster(command: string): Promise<string | undefined> {
  const mend = `leadline ${command} --kubeconfig=file`
  try {
    if (findContext({}, processSurroundings()) !== undefined) return Promise.resolve(undefined)
    return Promise.resolve(`needs a Kubernetes cluster: a kubeconfig, or a pod's service account: ${mend}`)
  } catch (error) {
    return Promise.resolve(`needs a kubeconfig that can be used: ${messageOf(error)}: ${mend}`)
  }
}
