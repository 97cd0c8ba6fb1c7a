// SPDX-License-Identifier: Apache-2.0
import { connect, type Socket } from 'node:net'
import { Transform, type TransformCallback } from 'node:stream'

/**
 * What happens to connections: they pass; they stall, with not a byte getting through until they pass again, as when
 * cables are cut; they are reset; they pass late.
 */
export type Fault = 'pass' | 'stall' | 'reset' | { readonly delaySeconds: number }

/** One connection through a proxy. */
export interface Link {
  /** Takes hold of what is under way too; what has stalled arrives late but whole. */
  set(fault: Fault): void
}

/** Ties an accepted, paused connection to one that is made to the target at the first moment that lets it pass. */
export function tie(near: Socket, target: { readonly host: string; readonly port: number }): Link {
  const there = new Delay()
  const back = new Delay()
  let far: Socket | undefined
  const dial = (): Socket => {
    const socket = connect({ ...target, allowHalfOpen: true, noDelay: true })
    socket.on('error', () => reset(near)).on('close', () => near.destroy())
    there.pipe(socket)
    back.pipe(near)
    return socket
  }
  near.on('error', () => far && reset(far)).on('close', () => far?.destroy())
  const set = (fault: Fault): void => {
    near.unpipe(there).pause()
    far?.unpipe(back).pause()
    if (fault === 'stall' || near.destroyed) return
    if (fault === 'reset') {
      reset(near)
      return
    }
    const delaySeconds = fault === 'pass' ? 0 : fault.delaySeconds
    there.seconds = delaySeconds
    back.seconds = delaySeconds
    far ??= dial()
    near.pipe(there)
    far.pipe(back)
  }
  return { set }
}

/** A socket whose end is under way can't be reset any more; Node.js would lose hold of it and not exit. */
function reset(socket: Socket): void {
  if (socket.writableEnded && !socket.writableFinished) socket.destroy()
  else socket.resetAndDestroy()
}

/** Passes each chunk on later, in order, however many are under way. */
class Delay extends Transform {
  seconds = 0
  readonly #underWay: Buffer[] = []
  #whenEmpty: () => void = () => undefined

  override _transform(chunk: Buffer, _encoding: string, done: TransformCallback): void {
    this.#underWay.push(chunk)
    if (this.seconds === 0 && this.#underWay.length === 1) this.#arrive()
    else setTimeout(() => this.#arrive(), this.seconds * 1000)
    done()
  }

  override _flush(done: TransformCallback): void {
    if (this.#underWay.length === 0) done()
    else this.#whenEmpty = done
  }

  #arrive(): void {
    this.push(this.#underWay.shift())
    if (this.#underWay.length === 0) this.#whenEmpty()
  }
}
