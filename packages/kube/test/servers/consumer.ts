// SPDX-License-Identifier: Apache-2.0
import type { ApiObject } from '../../src/object.ts'
import type { Consumer } from '../../src/watch/held-objects.ts'

/** What the tests keep of an object. */
export interface Small {
  readonly name: string
  readonly uid: string
  readonly version: string
  readonly schedule: string | undefined
}

/** Cuts an object; throws when its schedule is a number. */
export function parseSmall({ metadata, ...rest }: ApiObject): Small {
  const { schedule } = (rest['spec'] ?? {}) as { readonly schedule?: unknown }
  if (typeof schedule === 'number') throw new TypeError('spec.schedule is not text')
  const text = schedule as string | undefined
  return { name: metadata.name, uid: metadata.uid, version: metadata.resourceVersion, schedule: text }
}

/** Builds the set from what it is told alone, and notes it. Throws when it is told what can't follow. */
export class RecordingConsumer implements Consumer<Small> {
  readonly told: string[] = []
  readonly wrong: string[] = []
  objects = new Map<string, Small>()

  onReplace(objects: ReadonlyMap<string, Small>, previous: ReadonlyMap<string, Small>): void {
    if (!sameSets(previous, this.objects)) this.wrong.push('replace with another previous set')
    this.objects = new Map(objects)
    const gone = [...previous.values()].filter(({ uid }) => !objects.has(uid)).map(({ name }) => `-${name}`)
    this.told.push(['replace', ...[...objects.values()].map(({ name }) => name), ...gone].join(' '))
  }

  onSet(object: Small, previous: Small | undefined): void {
    if (previous !== undefined && Number(object.version) <= Number(previous.version)) {
      this.wrong.push(`set ${object.name} to what was known`)
    }
    if (this.objects.get(object.uid) !== previous) this.wrong.push(`set ${object.name} with another previous`)
    this.objects.set(object.uid, object)
    this.told.push(`${previous === undefined ? 'new' : 'set'} ${object.name}`)
  }

  onDelete(object: Small): void {
    if (!this.objects.delete(object.uid)) this.wrong.push(`delete of ${object.name}, which was not there`)
    this.told.push(`delete ${object.name}`)
  }
}

function sameSets(a: ReadonlyMap<string, Small>, b: ReadonlyMap<string, Small>): boolean {
  return a.size === b.size && [...a].every(([uid, object]) => b.get(uid) === object)
}
