// SPDX-License-Identifier: Apache-2.0
export { type BlackboxConfig, blackboxConfig, type ProbeModule } from './config.ts'
export { blackbox } from './exporter.ts'
export { probers } from './modules.ts'
