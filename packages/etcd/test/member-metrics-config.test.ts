// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import { readCommandLine } from '../src/member-metrics/command-line.ts'
import { clientMetricsUrl, pageUrl } from '../src/member-metrics/page-url.ts'

test('the address of a metrics page is made from its template', (t) => {
  const cases: readonly (readonly [template: string, endpoint: string, url: string | undefined])[] = [
    [clientMetricsUrl, 'https://10.0.0.1:2379', 'https://10.0.0.1:2379/metrics'],
    [clientMetricsUrl, 'http://etcd-0.etcd:2379/', 'http://etcd-0.etcd:2379/metrics'],
    ['http://{host}:2381/metrics', 'https://10.0.0.1:2379', 'http://10.0.0.1:2381/metrics'],
    ['http://{host}:2381/metrics', 'https://[fd00::1]:2379', 'http://[fd00::1]:2381/metrics'],
    ['https://proxy:8443/{host}/metrics?a=b', 'https://m1:2379', 'https://proxy:8443/m1/metrics?a=b'],
    ['off', 'https://10.0.0.1:2379', undefined],
  ]
  for (const [template, endpoint, url] of cases) t.equal(pageUrl(template, endpoint)?.href, url, template)
  t.end()
})

test('a template that can be no address of each member is refused with the way to write one', (t) => {
  const cases: readonly (readonly [template: string, why: string])[] = [
    ['http://10.0.0.1:2381/metrics', 'it has neither {client_url} nor {host} in it'],
    ['', 'it has neither {client_url} nor {host} in it'],
    ['{host}:2381/metrics', 'it is no http or https URL'],
    ['ftp://{host}/metrics', 'it is no http or https URL'],
    ['http://{host}:99999/metrics', 'it is no http or https URL'],
    ['http://user:secret@{host}/metrics', 'metrics URL with an @: it takes no user name and no password'],
  ]
  for (const [template, why] of cases) {
    t.throws(() => pageUrl(template, 'http://m1:2379'), { name: 'RangeError' }, template)
    try {
      pageUrl(template, 'http://m1:2379')
    } catch (error) {
      const { message } = error as Error
      t.match(message, why)
      t.match(message, 'it is like {client_url}/metrics, http://{host}:2381/metrics or off')
      t.notMatch(message, /secret/)
    }
  }
  t.end()
})

const unknown = { heartbeatSeconds: undefined, electionSeconds: undefined, quotaBytes: undefined }

function vars(...args: readonly string[]): string {
  return JSON.stringify({ cmdline: ['etcd', ...args], memstats: {} })
}

test('timings and quota are read from the command line', (t) => {
  const all = { heartbeatSeconds: 0.3, electionSeconds: 3, quotaBytes: 16777216 }
  const cases: readonly (readonly [args: readonly string[], expected: typeof unknown | Partial<typeof all>])[] = [
    [['--heartbeat-interval=300', '--election-timeout=3000', '--quota-backend-bytes=16777216'], all],
    [['--heartbeat-interval', '300', '--election-timeout', '3000', '--quota-backend-bytes', '16777216'], all],
    [['-heartbeat-interval=300', '-election-timeout', '3000', '-quota-backend-bytes=16777216'], all],
    [['--client-cert-auth', '--election-timeout=3000', '--name', 'a'], { electionSeconds: 3 }],
    [['--election-timeout=1000', '--election-timeout=3000'], { electionSeconds: 3 }],
    [['--quota-backend-bytes=-1'], { quotaBytes: -1 }],
    [['--quota-backend-bytes=0'], {}],
    [['--heartbeat-interval=-5'], {}],
    [['--heartbeat-interval=0x64'], {}],
    [['--heartbeat-interval=1s'], {}],
    [['--heartbeat-interval='], {}],
    [['--heartbeat-interval'], {}],
    [['heartbeat-interval=300'], {}],
    [['---heartbeat-interval=300'], {}],
    [['--', '--heartbeat-interval=300'], {}],
    [['--config-file=/etc/etcd.yml', '--heartbeat-interval=300'], {}],
    [['--config-file', '/etc/etcd.yml', '--heartbeat-interval=300'], {}],
    [[], {}],
  ]
  for (const [args, expected] of cases) {
    t.same(readCommandLine(vars(...args)), { ...unknown, ...expected }, args.join(' '))
  }
  t.end()
})

test('a page without a command line is refused', (t) => {
  for (const page of ['{}', '[]', 'null', '{"cmdline":"etcd"}', '{"cmdline":[1]}']) {
    t.throws(() => readCommandLine(page), { message: 'no command line in it' }, page)
  }
  t.throws(() => readCommandLine('<html>'), { name: 'SyntaxError' })
  t.end()
})
