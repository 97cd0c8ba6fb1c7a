// SPDX-License-Identifier: Apache-2.0
// The bounds on labels that most tables share.

/** The label of a cluster's series. */
export const ofCluster = { etcd_cluster: 'names of the clusters in the config' } as const

/** The labels of a member's series. */
export const ofMember = {
  ...ofCluster,
  member: "names of the cluster's members, or their IDs or endpoints; at most 64 of a cluster",
} as const
