// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto'
import { ApiError, type Cluster } from '@leadline/kube'
import {
  type ConfigMap,
  type ConfigMapPlace,
  mostConfigMapBytes,
  readConfigMap,
  sizeOf,
  writeConfigMap,
} from './config-map.ts'
import { decodeState, encodeState } from './encoding.ts'
import { StateError, type StateStore } from './store.ts'

const stateKey = 'state.json.gz'
const unreadableKey = 'state.unreadable'
/** Names who saved last, and their how manyth save it was. */
const writerKey = 'writer'

/**
 * Keeps the state in a ConfigMap, gzipped, and makes it when there is none; needs get, create and update of it. A state
 * that another has written since it was last loaded is left alone: `save` rejects with StateError `stale` until the next
 * `load`. One that can't be read is kept beside the new one as `state.unreadable`.
 */
export function configMapStore(cluster: Pick<Cluster, 'get' | 'write'>, at: ConfigMapPlace): StateStore {
  const place = `ConfigMap ${at.namespace}/${at.name}`
  const self = randomUUID()
  let saves = 0
  let isLooked = false
  let isUnreadable = false
  /** As it was when last read or written; without our state, which may be large. */
  let base: ConfigMap | undefined

  async function load(): Promise<unknown> {
    const found = await readConfigMap(cluster, at)
    const zipped = found?.binaryData?.[stateKey]
    const decoded = zipped === undefined ? { state: undefined } : await decodeState(Buffer.from(zipped, 'base64'))
    isLooked = true
    isUnreadable = 'mistake' in decoded
    base = isUnreadable ? found : withoutState(found)
    if (!('mistake' in decoded)) return decoded.state
    throw new StateError(
      'unreadable',
      `${place}: ${stateKey} can't be read: ${decoded.mistake}; put a good copy in its place, or delete the ConfigMap to begin anew`,
    )
  }

  async function save(state: unknown): Promise<number> {
    if (!isLooked) {
      await load().catch((error: unknown) => {
        if (!isUnreadable) throw error
      })
    }
    const zipped = await encodeState(state)
    const writer = `${self}/${++saves}`
    try {
      await write(zipped, writer)
    } catch (error) {
      const failure = error instanceof ApiError ? error.failure : undefined
      const isGone = failure === 'not_found' && base !== undefined
      if (failure !== 'conflict' && !isGone) throw error
      await lookAgain()
      await write(zipped, writer)
    }
    return zipped.length
  }

  async function write(zipped: Buffer, writer: string): Promise<void> {
    const body = nextOf(base, zipped, writer)
    const size = sizeOf(body)
    if (size > mostConfigMapBytes) throw tooBig(size, body.binaryData?.[unreadableKey] !== undefined)
    base = withoutState(await writeConfigMap(cluster, at, body))
    isUnreadable = false
  }

  /** An attempt of ours that seemed to fail may have come through, and people may have changed labels: no harm in either. */
  async function lookAgain(): Promise<void> {
    const found = await readConfigMap(cluster, at)
    const writer = found?.data?.[writerKey]
    const isByUs = writer?.startsWith(`${self}/`) === true
    const isAsBefore = writer === base?.data?.[writerKey]
    if (found?.binaryData?.[stateKey] !== undefined && !isByUs && !isAsBefore) {
      throw new StateError(
        'stale',
        `${place}: another exporter has written since this one read it, and it is left as it is; let only one write: elect a leader, or give each its own`,
      )
    }
    // What we wrote is no longer what could not be read.
    if (isByUs) isUnreadable = false
    base = isUnreadable ? found : withoutState(found)
  }

  function tooBig(size: number, hasUnreadable: boolean): StateError {
    const mend = hasUnreadable ? `delete its key ${unreadableKey}, or keep the state in a file` : 'keep it in a file'
    return new StateError(
      'too_big',
      `${place}: the state would take ${size} bytes, and a ConfigMap holds ${mostConfigMapBytes}; ${mend}, or watch fewer namespaces`,
    )
  }

  return { place, load, save }

  function nextOf(before: ConfigMap | undefined, zipped: Buffer, writer: string): ConfigMap {
    const { [stateKey]: old, ...others } = before?.binaryData ?? {}
    const kept = isUnreadable && old !== undefined ? { [unreadableKey]: old } : {}
    return {
      metadata: {
        ...before?.metadata,
        labels: { ...before?.metadata.labels, 'app.kubernetes.io/managed-by': 'leadline' },
      },
      data: { ...before?.data, [writerKey]: writer },
      binaryData: { ...others, ...kept, [stateKey]: zipped.toString('base64') },
    }
  }
}

function withoutState(configMap: ConfigMap | undefined): ConfigMap | undefined {
  if (configMap === undefined) return undefined
  const { [stateKey]: _state, ...binaryData } = configMap.binaryData ?? {}
  return { ...configMap, binaryData }
}
