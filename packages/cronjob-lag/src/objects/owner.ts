// SPDX-License-Identifier: Apache-2.0
import { listOf, type Raw, textOf } from '@leadline/kube'

/** Who controls an object. */
export interface Owner {
  readonly uid: string
  readonly name: string
}

/** The controller of an object, when it is of this kind. */
export function controllerOf(metadata: Raw, kind: string): Owner | undefined {
  const reference = listOf(metadata['ownerReferences']).find((one) => one['controller'] === true)
  const uid = textOf(reference?.['uid'])
  const name = textOf(reference?.['name'])
  return reference?.['kind'] === kind && uid !== undefined && name !== undefined ? { uid, name } : undefined
}
