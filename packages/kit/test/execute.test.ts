// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events'
import {
  abortSignalOf,
  CheckFailed,
  defineModule,
  Executor,
  object,
  RecordingLogger,
  type Run,
  type RunSignal,
  systemClock,
  text,
} from '@leadline/kit'
import { type RunOnceOptions, runOnce } from '@leadline/kit/testing'
import { test } from 'tap'

const metrics = {
  thing_up: { type: 'gauge', help: 'Whether the thing is up.', source: 'the test' },
  thing_seconds: {
    type: 'gauge',
    help: 'Seconds of each phase.',
    labels: { phase: 'one, two' },
    source: 'the test',
  },
} as const

type ThingRun = Run<{ readonly word: string }, typeof metrics>

const config = object('thing', { word: text('a word') })

function thing(run: (run: ThingRun) => Promise<void>) {
  return defineModule({ name: 'thing', metrics, config, run })
}

function runThing(run: (run: ThingRun) => Promise<void>, options?: RunOnceOptions) {
  return runOnce(thing(run), options)
}

test('a run that resolves is a success with what it set', async (t) => {
  const result = await runThing(
    async ({ set, config: { word }, target }) => {
      t.equal(word, 'hello')
      t.equal(target, 'there')
      set('thing_up', 0)
      set('thing_seconds', 2, { phase: 'two' })
      set('thing_seconds', 1, { phase: 'one' })
      set('thing_up', 1)
    },
    { yaml: 'word: hello', target: 'there' },
  )
  t.equal(result.ending, 'success')
  t.strictSame(result.values, { 'thing_seconds{phase="two"}': 2, 'thing_seconds{phase="one"}': 1, thing_up: 1 })
  t.strictSame(
    result.families.map(({ name }) => name),
    ['thing_seconds', 'thing_up'],
  )
})

test('CheckFailed is the fault of the target and is logged once with its fields', async (t) => {
  const result = await runThing(async ({ set }) => {
    set('thing_up', 0)
    throw new CheckFailed('Thing is down', { port: 1 }, { cause: new Error('refused') })
  })
  t.equal(result.ending, 'failed')
  t.strictSame(result.values, { thing_up: 0 })
  t.match(result.records, [{ level: 'error', message: 'Thing is down', fields: { port: 1, err: 'refused' } }])
  t.equal(result.records.length, 1)
})

test('any other error is our bug and is logged with its stack', async (t) => {
  const result = await runThing(() => Promise.reject(new TypeError('oops')))
  t.equal(result.ending, 'bug')
  t.match(result.records, [{ level: 'error', fields: { err: /TypeError: oops\n {4}at / } }])
})

test('a throw before the first await is caught too', async (t) => {
  const result = await runThing(() => {
    throw new TypeError('at once')
  })
  t.equal(result.ending, 'bug')
})

test('a module that ignores its signal loses its answer, not ours', async (t) => {
  const late = Promise.withResolvers<void>()
  const finished = Promise.withResolvers<void>()
  const result = await runThing(
    async ({ set, signal }) => {
      set('thing_seconds', 1, { phase: 'one' })
      await late.promise
      t.equal(signal.aborted, true)
      set('thing_up', 1)
      finished.resolve()
    },
    { timeoutSeconds: 0.02 },
  )
  t.equal(result.ending, 'timeout')
  late.resolve()
  await finished.promise
  t.strictSame(
    result.families.map(({ name }) => name),
    ['thing_seconds'],
  )
})

test('the signal is aborted at the deadline and after the end', async (t) => {
  let signal: RunSignal | undefined
  const result = await runThing(
    async (run) => {
      signal = run.signal
      t.equal(run.deadline - run.now() <= 0.02, true)
      await once(abortSignalOf(run.signal), 'abort')
    },
    { timeoutSeconds: 0.02 },
  )
  t.equal(result.ending, 'timeout')
  t.match(signal?.reason, { message: 'timeout of 0.02 s is over' })
  await runThing(async (run) => {
    signal = run.signal
    t.equal(signal.aborted, false)
  })
  t.equal(signal?.aborted, true)
})

test('no time, less and NaN end the run before it starts; a long timeout is no short one', async (t) => {
  for (const timeoutSeconds of [0, -1, Number.NaN]) {
    const result = await runThing(() => Promise.reject(new Error('was run')), { timeoutSeconds })
    t.equal(result.ending, 'timeout')
    t.strictSame(result.values, {})
  }
  for (const timeoutSeconds of [2 ** 31, Number.POSITIVE_INFINITY]) {
    const result = await runThing(() => new Promise((resolve) => setImmediate(resolve)), { timeoutSeconds })
    t.equal(result.ending, 'success')
  }
})

test('a caller that leaves ends the run', async (t) => {
  const caller = new AbortController()
  const running = runThing(
    async ({ signal }) => {
      setImmediate(() => caller.abort(new Error('gone')))
      await once(abortSignalOf(signal), 'abort')
      throw new Error('after')
    },
    { controller: caller },
  )
  t.equal((await running).ending, 'aborted')
  const gone = new AbortController()
  gone.abort()
  const before = await runThing(({ signal }) => Promise.reject(signal.reason), { controller: gone })
  t.equal(before.ending, 'aborted')
})

test('a name outside the table and a missing label are bugs', async (t) => {
  const unknown = await runThing(async ({ set }) => (set as (name: string, value: number) => void)('thing_down', 1))
  t.equal(unknown.ending, 'bug')
  const unlabelled = await runThing(async ({ set }) =>
    (set as (name: string, value: number) => void)('thing_seconds', 1),
  )
  t.equal(unlabelled.ending, 'bug')
})

test('runs of one executor side by side share nothing', async (t) => {
  const executor = new Executor(
    thing(async ({ set, target }) => {
      await new Promise((resolve) => setImmediate(resolve))
      set('thing_up', Number(target))
    }),
  )
  const log = new RecordingLogger('debug', systemClock.unix)
  const outcomes = await Promise.all(
    [1, 2, 3].map((n) =>
      executor.execute({ target: String(n), config: { word: '' }, timeoutSeconds: 1, log, clock: systemClock }),
    ),
  )
  t.strictSame(
    outcomes.map(({ families }) => families[0]?.samples[0]?.value),
    [1, 2, 3],
  )
})

test('what is known only at the end is among the samples', async (t) => {
  const others = {
    run_ended_info: { type: 'gauge', help: 'How it ended.', labels: { ending: 'any' }, source: 'the test' },
    a_duration_seconds: { type: 'gauge', help: 'Seconds.', source: 'the test' },
  } as const
  const log = new RecordingLogger('debug', systemClock.unix)
  const options = { target: '', config: { word: '' }, timeoutSeconds: 1, log, clock: systemClock }
  for (const ending of ['success', 'failed'] as const) {
    const module = thing(async ({ set }) => {
      set('thing_up', 1)
      if (ending === 'failed') throw new CheckFailed('no')
    })
    const outcome = await new Executor(module, others).execute({
      ...options,
      conclude(how, seconds, set) {
        set('run_ended_info', 1, { ending: how })
        set('a_duration_seconds', seconds)
      },
    })
    t.equal(outcome.ending, ending)
    t.strictSame(
      outcome.families.map(({ name, samples }) => [name, samples[0]?.labels]),
      [
        ['a_duration_seconds', []],
        ['run_ended_info', [['ending', ending]]],
        ['thing_up', []],
      ],
    )
    t.equal(outcome.families[0]?.samples[0]?.value, outcome.durationSeconds)
  }
})
