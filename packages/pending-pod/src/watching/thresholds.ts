// SPDX-License-Identifier: Apache-2.0
import { parseDuration } from '@leadline/kit'
import type { Consumer, Parse } from '@leadline/kube'

/** The annotation, or label, of a namespace that says how long its pods may wait. */
export const thresholdKey = 'leadline.dev/pending-threshold'

/** What is kept of a namespace. */
export interface NamespaceFacts {
  readonly name: string
  /** What its annotation, else its label, says. */
  readonly threshold: string | undefined
}

/** Cuts a namespace down; only its metadata need be there. */
export const readNamespace: Parse<NamespaceFacts> = ({ metadata: { name, annotations, labels } }) => ({
  name,
  threshold: annotations?.[thresholdKey] ?? labels?.[thresholdKey],
})

/** Thresholds of namespaces, as they are now. */
export interface Thresholds {
  /** Told of what becomes of namespaces. */
  readonly consumer: Consumer<NamespaceFacts>
  /** Seconds; undefined for one that says nothing, or nothing that counts. */
  of(namespace: string): number | undefined
  /** Names of the namespaces whose text says nothing that counts. */
  mistakes(): readonly string[]
}

/** None at first; `gone` is told the name of each namespace that is there no more. */
export function createThresholds(gone: (namespace: string) => void): Thresholds {
  const texts = new Map<string, string>()
  function set({ name, threshold }: NamespaceFacts): void {
    if (threshold === undefined) texts.delete(name)
    else texts.set(name, threshold)
  }
  return {
    consumer: {
      onReplace(objects, previous) {
        texts.clear()
        objects.forEach(set)
        for (const [uid, { name }] of previous) if (!objects.has(uid)) gone(name)
      },
      onSet: set,
      onDelete({ name }) {
        texts.delete(name)
        gone(name)
      },
    },
    of(namespace) {
      const text = texts.get(namespace)
      return text === undefined ? undefined : secondsOf(text)
    },
    mistakes: () => [...texts].filter(([, text]) => secondsOf(text) === undefined).map(([name]) => name),
  }
}

function secondsOf(text: string): number | undefined {
  const seconds = parseDuration(text)
  return seconds !== undefined && seconds >= 1 && seconds <= 86_400 ? seconds : undefined
}
