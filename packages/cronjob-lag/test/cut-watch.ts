// SPDX-License-Identifier: Apache-2.0
import type { Intake } from '../src/judge/book.ts'
import type { World } from './world.ts'

/** A kind of object that the judge hears of. */
export type Kind = 'cronJobs' | 'jobs' | 'pods'

/**
 * Cuts the watch of one kind. Gives what opens it again where it was cut: what it missed is told then, in its order, and up
 * to then nothing is proved. A judge that was put in the place of this one meanwhile is put away.
 */
export function cutWatch(world: World, kind: Kind): () => void {
  const { judge, provedAgo, now: cutAt } = world
  const missed: (() => void)[] = []
  world.judge = { ...judge, [kind]: heldBack(judge[kind] as Intake<unknown>, missed, world) }
  world.provedAgo = (now) => now - cutAt
  return () => {
    world.judge = judge
    world.provedAgo = provedAgo
    for (const tell of missed) tell()
  }
}

function heldBack<T>(intake: Intake<T>, missed: (() => void)[], world: World): Intake<T> {
  return {
    set: (object) => void missed.push(() => intake.set(object, world.now)),
    delete: (object) => void missed.push(() => intake.delete(object, world.now)),
    replace: (objects, at) => intake.replace(objects, at),
  }
}
