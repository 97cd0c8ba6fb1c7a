// SPDX-License-Identifier: Apache-2.0
import { object, text } from '@leadline/kit'
import { matcher } from './names.ts'

const cpuPattern = '\\d{1,6}m|\\d{1,4}(?:\\.\\d{1,3})?'
const memoryPattern = '\\d{1,12}(?:\\.\\d{1,3})?(?:k|M|G|T|Ki|Mi|Gi|Ti)?'

function cpuShape(description: string, absent: string) {
  const check = matcher(cpuPattern, 'is no CPU share such as 250m or 1.5')
  return text(description, { absent, check, schema: { pattern: `^(?:${cpuPattern})$` } })
}

function memoryShape(description: string, absent: string) {
  const check = matcher(memoryPattern, 'is no amount of memory such as 256Mi or 2Gi')
  return text(description, { absent, check, schema: { pattern: `^(?:${memoryPattern})$` } })
}

/** What a job's container needs. */
export const resourcesShape = object(
  'What the container needs: without requests the scheduler packs nodes blindly, and the first pods to be evicted are those.',
  {
    cpu: cpuShape(
      'CPU requested. A container may use more when the node has it, since a limit only makes runs longer.',
      '100m',
    ),
    cpu_limit: cpuShape('CPU at which the container is throttled. No limit unless it is set.', ''),
    memory: memoryShape('Memory requested.', '256Mi'),
    memory_limit: memoryShape(
      'Memory at which the container is killed. As much as is requested unless set, so that a ' +
        'node short of memory picks others first.',
      '',
    ),
  },
  {
    check({ cpu, cpu_limit, memory, memory_limit }, node) {
      if (cpu_limit !== '' && amount(cpu_limit) < amount(cpu)) node.at('cpu_limit').fail(below(cpu_limit, cpu))
      if (memory_limit !== '' && amount(memory_limit) < amount(memory)) {
        node.at('memory_limit').fail(below(memory_limit, memory))
      }
    },
  },
)

function below(limit: string, request: string): string {
  return `the limit ${limit} is below the request ${request}, which Kubernetes refuses`
}

const factors: Readonly<Record<string, number>> = {
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 1024,
  Mi: 1024 ** 2,
  Gi: 1024 ** 3,
  Ti: 1024 ** 4,
}

/** A quantity that matched its pattern, as a number. */
function amount(quantity: string): number {
  const [, number = '', unit = ''] = /^([\d.]+)(.*)$/.exec(quantity) ?? []
  return Number(number) * (factors[unit] ?? Number.NaN)
}
