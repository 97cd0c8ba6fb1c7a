// SPDX-License-Identifier: Apache-2.0
import type { MetricTable } from '@leadline/kit'
import type { Prober } from './prober.ts'
import { dns } from './probers/dns.ts'
import { http } from './probers/http.ts'
import { tcp } from './probers/tcp.ts'

/** All probers, in the order of the documentation. The only place where one is registered. */
export const probers: readonly Prober<unknown, MetricTable>[] = [http, tcp, dns]

/** blackbox_exporter's probers that are not here yet: their modules load with a warning and are refused when asked for. */
export const missingProbers: readonly string[] = ['icmp', 'grpc', 'unix', 'websocket']
