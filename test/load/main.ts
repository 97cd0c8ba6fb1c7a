// SPDX-License-Identifier: Apache-2.0
// `npm run test:load`: about an hour, with a machine of 2 cores to itself.

// Each test says for itself how long it may take.
process.env['TAP_TIMEOUT'] ??= '3600'
await import('./many-at-once.ts')
await import('./thousand-a-minute.ts')
await import('./many-pending.ts')
await import('./pod-changes.ts')
await import('./thousand-changes.ts')
