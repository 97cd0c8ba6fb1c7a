// SPDX-License-Identifier: Apache-2.0

export { type CronjobsIo, runCronjobs } from './command.ts'
