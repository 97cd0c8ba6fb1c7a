// SPDX-License-Identifier: Apache-2.0

/** One kind of object, as its watch tells it. All times in unix seconds by the API server's clock. */
export interface Intake<T> {
  /** An object as it is at `at`. */
  set(object: T, at: number): void
  /** An object is no longer in the watch; `object` is its last state there. */
  delete(object: T, at: number): void
  /** All objects that there are at `at`: the first list, or one read anew after events may have been missed. */
  replace(objects: Iterable<T>, at: number): void
}
