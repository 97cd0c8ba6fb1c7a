// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { generatedFiles as blackboxFiles } from '../packages/blackbox/src/docs.ts'

const packages = fileURLToPath(new URL('../packages', import.meta.url))

/** Every file that is made from the code: absolute path to content. */
export function* generated(): Generator<readonly [path: string, content: string]> {
  for (const [name, content] of blackboxFiles()) yield [join(packages, 'blackbox', name), content]
}
