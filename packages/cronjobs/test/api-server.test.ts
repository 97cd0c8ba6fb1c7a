// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import { type Test, test } from 'tap'
import { Agent } from 'undici'
import { parse } from 'yaml'
import { type ControlPlane, startControlPlane } from '../../kube/test/control-plane/control-plane.ts'
import { firing } from './commands.ts'
import { type CronJobObject, goldens, readManifests } from './goldens.ts'
import { manifest } from './manifests.ts'

/** What an API server says of YAML that it is sent. */
interface Answer {
  readonly status: number
  readonly body: CronJobObject & { readonly message?: string }
}

/** Has an API server create a CronJob, all but storing it; it reads the YAML itself, as strictly as it can. */
async function creator(t: Test, plane: ControlPlane): Promise<(yaml: string) => Promise<Answer>> {
  const kubeconfig = parse(readFileSync(plane.kubeconfig, 'utf8')) as { users: { user: { token: string } }[] }
  const agent = new Agent({ connect: { ca: plane.authority.cert } })
  t.teardown(() => agent.close())
  return async (yaml) => {
    const [one] = readManifests(yaml, '1.2')
    const namespace = one?.metadata.namespace ?? 'default'
    const { statusCode, body } = await agent.request({
      origin: plane.url,
      path: `/apis/batch/v1/namespaces/${namespace}/cronjobs?dryRun=All&fieldValidation=Strict`,
      method: 'POST',
      headers: { authorization: `Bearer ${kubeconfig.users[0]?.user.token}`, 'content-type': 'application/yaml' },
      body: yaml,
    })
    return { status: statusCode, body: (await body.json()) as Answer['body'] }
  }
}

/** What an API server is to give back of a CronJob: all of it, but for environment variables the value when it is empty. */
function wholly(written: CronJobObject | undefined): unknown {
  return JSON.parse(JSON.stringify(written).replaceAll('"name":"EMPTY","value":""', '"name":"EMPTY"'))
}

/** CronJobs of which lint says an error, and an API server has to refuse, or neither. */
const beside: readonly string[] = [
  manifest({}),
  manifest({ name: 'a'.repeat(52) }),
  manifest({ name: 'a'.repeat(53) }),
  manifest({ name: 'a.b' }),
  manifest({ name: 'a_b' }),
  manifest({ name: '123' }),
  manifest({ name: '"123"' }),
  manifest({ schedule: '"0 3 * * 7"' }),
  manifest({ schedule: '"*-5 1,,2 ? * *"' }),
  manifest({ schedule: '"@every 1d"' }),
  manifest({ schedule: 'TZ=UTC 0 3 * * *', timeZone: undefined }),
  manifest({ schedule: 'TZ=UTC 0 3 * * *' }),
  manifest({ timeZone: 'europe/berlin' }),
  manifest({ timeZone: 'Local' }),
  manifest({ timeZone: 'US/Pacific' }),
  manifest({ concurrencyPolicy: 'forbid' }),
  manifest({ concurrencyPolicy: undefined }),
  manifest({ startingDeadlineSeconds: '"600"' }),
  manifest({ startingDeadlineSeconds: '-1' }),
  manifest({ suspend: '"false"' }),
  manifest({ suspend: 'no' }),
  manifest({ suspend: 'maybe' }),
  manifest({ suspend: '0' }),
  manifest({ timeZone: '""' }),
  manifest({ startingDeadlineSeconds: '0x400' }),
  manifest({ startingDeadlineSeconds: '1e3' }),
  manifest({ startingDeadlineSeconds: '1200.0' }),
  manifest({ startingDeadlineSeconds: '' }),
  manifest({ restartPolicy: 'Always' }),
  manifest({ restartPolicy: undefined }),
  manifest({}).replace('batch/v1', 'batch/v1beta1'),
]

test('a real API server takes what render prints, and refuses what lint calls an error', async (t) => {
  const plane = await startControlPlane(t)
  if (plane === undefined) return
  const create = await creator(t, plane)
  for (const namespace of ['billing', '123']) {
    await plane.admin.create('/api/v1/namespaces', { metadata: { name: namespace } })
  }
  for (const { manifests } of goldens) {
    for (const text of readFileSync(manifests, 'utf8').split('---\n')) {
      const { status, body } = await create(text)
      t.equal(status, 201, body.message ?? manifests)
      const [written] = readManifests(text, '1.2')
      t.match(body, wholly(written), manifests)
    }
  }
  for (const text of beside) {
    const { status, body } = await create(text)
    const isWrong = (await firing(text, ...disabled)).length > 0
    t.equal(status !== 201, isWrong, `${text}\n${status} ${body.message}`)
  }
})

/** What is no error. */
const disabled = ['time-zone-missing', 'concurrency-missing', 'starting-deadline-missing'].map(
  (rule) => `--disable=${rule}`,
)
