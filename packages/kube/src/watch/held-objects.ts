// SPDX-License-Identifier: Apache-2.0
import { type Logger, messageOf } from '@leadline/kit'
import { type ApiObject, apiObject } from '../object.ts'

/** Told of what becomes of the objects of a kind, in order, from one set that was true at the server to the next. */
export interface Consumer<T> {
  /**
   * The whole set is new: the first one, or one after changes were missed. What is in `previous` alone has vanished
   * meanwhile. Both are by UID.
   */
  onReplace(objects: ReadonlyMap<string, T>, previous: ReadonlyMap<string, T>): void
  /** An object came or changed; `previous` is what was held of it. */
  onSet(object: T, previous: T | undefined): void
  /** An object went: deleted, no longer selected, or no longer readable. It is as the server told it last. */
  onDelete(object: T): void
}

/** Cuts an object down to what is kept of it. A throw costs this object alone. */
export type Parse<T> = (object: ApiObject) => T

/** A set in the making. */
export interface Draft<T> {
  readonly objects: Map<string, T>
  /** UIDs of the objects that could not be read, or stand-ins for those without one. */
  readonly unreadable: Set<string>
}

/** An empty set to fill. */
export function newDraft<T>(): Draft<T> {
  return { objects: new Map(), unreadable: new Set() }
}

/** What is held of a kind: each object as it was cut down, by UID. */
export class HeldObjects<T> {
  readonly #parse: Parse<T>
  readonly #consumer: Consumer<T> | undefined
  readonly #log: Logger
  /** Told of each object that could not be read. */
  readonly #refused: (why: string) => void
  #now: Draft<T> = newDraft()

  constructor(
    parse: Parse<T>,
    consumer: Consumer<T> | undefined,
    { log, refused }: { readonly log: Logger; readonly refused: (why: string) => void },
  ) {
    this.#parse = parse
    this.#consumer = consumer
    this.#log = log
    this.#refused = refused
  }

  get objects(): ReadonlyMap<string, T> {
    return this.#now.objects
  }

  /** Number of objects that the server has and that could not be read. */
  get unreadable(): number {
    return this.#now.unreadable.size
  }

  /** Puts an object into a set in the making, or takes it out of it; nobody is told. */
  draft(json: unknown, { objects, unreadable }: Draft<T>, isDeleted = false): void {
    const { uid, object } = this.#read(json)
    const key = uid ?? standIn(unreadable)
    objects.delete(key)
    unreadable.delete(key)
    if (isDeleted) return
    if (object === undefined) unreadable.add(key)
    else objects.set(key, object)
  }

  /** Counts an object of a set in the making that is not even JSON. */
  refuse(why: string, { unreadable }: Draft<T>): void {
    unreadable.add(standIn(unreadable))
    this.#refused(why)
  }

  /** Takes a set that is whole in the place of what was held. */
  replace(draft: Draft<T>): void {
    const previous = this.#now.objects
    this.#now = draft
    this.#tell((consumer) => consumer.onReplace(draft.objects, previous))
  }

  /** An object came or changed. One that can't be read takes what was held of it along: old news is no news. */
  set(json: unknown): void {
    const { objects, unreadable } = this.#now
    const { uid, object } = this.#read(json)
    if (uid === undefined) return
    const previous = objects.get(uid)
    if (object === undefined) {
      unreadable.add(uid)
      this.#forget(uid, previous)
      return
    }
    unreadable.delete(uid)
    objects.set(uid, object)
    this.#tell((consumer) => consumer.onSet(object, previous))
  }

  /** An object went. */
  delete(json: unknown): void {
    const { objects, unreadable } = this.#now
    const { uid, object } = this.#read(json)
    if (uid === undefined) return
    unreadable.delete(uid)
    const held = objects.get(uid)
    this.#forget(uid, held === undefined ? undefined : (object ?? held))
  }

  #forget(uid: string, last: T | undefined): void {
    this.#now.objects.delete(uid)
    if (last !== undefined) this.#tell((consumer) => consumer.onDelete(last))
  }

  #read(json: unknown): { uid: string; object: T } | { uid: string | undefined; object: undefined } {
    let uid: string | undefined
    try {
      const whole = apiObject(json)
      uid = whole.metadata.uid
      return { uid, object: this.#parse(whole) }
    } catch (error) {
      this.#refused(messageOf(error))
      return { uid, object: undefined }
    }
  }

  #tell(tell: (consumer: Consumer<T>) => void): void {
    try {
      if (this.#consumer !== undefined) tell(this.#consumer)
    } catch (error) {
      // A fault of ours in one event must not end the watch for all.
      this.#log.error('A watch event was not taken in by a fault of the exporter', {
        err: error instanceof Error ? error.stack : String(error),
      })
    }
  }
}

function standIn(unreadable: ReadonlySet<string>): string {
  return `without UID ${unreadable.size}`
}
