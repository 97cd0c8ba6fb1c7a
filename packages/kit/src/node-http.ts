// SPDX-License-Identifier: Apache-2.0

/**
 * node:http. An import of it reads all that it exports, `WebSocket` too, for which Node loads its own fetch: some 5 to 15
 * MB of memory in every exporter.
 */
export const nodeHttp = process.getBuiltinModule('node:http')
