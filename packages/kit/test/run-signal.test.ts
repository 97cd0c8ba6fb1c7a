// SPDX-License-Identifier: Apache-2.0
import { abortSignalOf, RunController, type RunSignal } from '@leadline/kit'
import { test } from 'tap'

/** Both must behave alike, since code that takes a RunSignal may be given either. */
const kinds: Readonly<Record<string, () => { readonly signal: RunSignal; abort(reason: unknown): void }>> = {
  RunController: () => new RunController(),
  AbortController: () => new AbortController(),
}

for (const [name, make] of Object.entries(kinds)) {
  test(`${name}: listeners are called once and in order, with the reason set`, async (t) => {
    const controller = make()
    const { signal } = controller
    const heard: unknown[] = []
    signal.addEventListener('abort', () => heard.push(['first', signal.aborted, signal.reason]), { once: true })
    signal.addEventListener('abort', () => heard.push('second'), { once: true })
    t.equal(signal.aborted, false)
    t.equal(signal.reason, undefined)
    signal.throwIfAborted()
    const why = new Error('why')
    controller.abort(why)
    controller.abort('again')
    t.strictSame(heard, [['first', true, why], 'second'])
    t.throws(() => signal.throwIfAborted(), why)
    signal.addEventListener('abort', () => heard.push('late'), { once: true })
    controller.abort('third')
    t.equal(heard.length, 2)
  })

  test(`${name}: a removed listener is not called, even when another one removes it on the way`, async (t) => {
    const controller = make()
    const { signal } = controller
    const heard: string[] = []
    const before = (): void => void heard.push('before')
    const later = (): void => void heard.push('later')
    signal.addEventListener('abort', before, { once: true })
    signal.removeEventListener('abort', before)
    signal.removeEventListener('abort', before)
    signal.addEventListener('abort', () => signal.removeEventListener('abort', later), { once: true })
    signal.addEventListener('abort', later, { once: true })
    signal.addEventListener('abort', () => heard.push('last'), { once: true })
    controller.abort('why')
    t.strictSame(heard, ['last'])
  })

  test(`${name}: a real AbortSignal follows it`, async (t) => {
    const controller = make()
    const before = abortSignalOf(controller.signal)
    t.ok(before instanceof AbortSignal)
    t.equal(before.aborted, false)
    controller.abort('why')
    t.equal(before.aborted, true)
    t.equal(before.reason, 'why')
    const after = abortSignalOf(controller.signal)
    t.equal(after.reason, 'why')
  })
}
