// SPDX-License-Identifier: Apache-2.0
export { type EtcdConfig, etcdConfig } from './config.ts'
export { etcd } from './exporter.ts'
export { missingEtcd } from './missing-etcd.ts'
