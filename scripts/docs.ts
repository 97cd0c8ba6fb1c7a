// SPDX-License-Identifier: Apache-2.0
// Writes every file that is made from the code. The consistency test fails when one differs from what this writes.
import { writeFileSync } from 'node:fs'
import { generated } from './generated.ts'

for (const [path, content] of generated()) writeFileSync(path, content)
