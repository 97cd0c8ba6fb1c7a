// SPDX-License-Identifier: Apache-2.0
export { ops } from './ops.ts'
