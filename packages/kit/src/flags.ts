// SPDX-License-Identifier: Apache-2.0
export { helpText } from './flags/help.ts'
export { flagGroups, type KitFlags, kitFlags } from './flags/kit.ts'
export { type ParsedFlags, parseFlags } from './flags/parse.ts'
export {
  defineFlags,
  FlagError,
  type FlagGroup,
  type FlagSpec,
  type FlagTable,
  type FlagValues,
} from './flags/table.ts'
