// SPDX-License-Identifier: Apache-2.0

export { type CronJobLagConfig, cronJobLagConfig } from './config.ts'
export { cronJobLag } from './exporter.ts'
