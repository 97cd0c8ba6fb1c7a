// SPDX-License-Identifier: Apache-2.0
import { encode, promClientFamilies, textFormat } from '@leadline/kit'
import { Counter, Gauge, Histogram, Registry, Summary } from 'prom-client'
import { test } from 'tap'
import { needServer } from '../../../test/servers/find.ts'
import { runToEnd } from '../../../test/servers/process.ts'
import { hostileFamilies } from './hostile-samples.ts'

const fine = { code: 0, stdout: '', stderr: '' }

test('promtool reads hostile samples and finds nothing to mend', async (t) => {
  const promtool = needServer(t, 'promtool')
  if (promtool === undefined) return
  const check = (input: string): ReturnType<typeof runToEnd> => runToEnd(promtool, ['check', 'metrics'], { input })
  t.strictSame(await check(encode(hostileFamilies(), textFormat)), fine)
  t.match(await check('a_total{l="} 1\n'), { code: 1, stderr: /error while linting/ }, 'it would have said so')
  t.match(await check('# HELP a_ms A.\n# TYPE a_ms gauge\na_ms 1\n'), { code: 3 }, 'and mends, too')
})

test('promtool reads every type of instrument and finds nothing to mend', async (t) => {
  const promtool = needServer(t, 'promtool')
  if (promtool === undefined) return
  const registry = new Registry()
  const options = { help: 'Help.', labelNames: ['l'], registers: [registry] }
  new Counter({ name: 'a_total', ...options }).inc({ l: '"\n\\' })
  new Gauge({ name: 'b_bytes', ...options }).set({ l: 'x' }, NaN)
  new Histogram({ name: 'c_seconds', ...options, buckets: [0.5, 1, 1e6] }).observe({ l: 'x' }, 2)
  new Summary({ name: 'd_seconds', ...options }).observe({ l: 'x' }, 2)
  const families = await promClientFamilies(registry, (metric) => t.fail(metric))
  t.equal(families.length, 4)
  const input = encode(families, textFormat)
  t.strictSame(await runToEnd(promtool, ['check', 'metrics'], { input }), fine)
})
