// SPDX-License-Identifier: Apache-2.0
import { duration, type Infer, integer, object } from '@leadline/kit'

/** The shape of a config file. */
export const pendingPodConfig = object(
  'What the pending-pod exporter goes by.',
  {
    threshold: duration(
      'How long a pod may wait before it counts as over its threshold; an annotation or a label ' +
        'leadline.dev/pending-threshold of its namespace goes before.',
      300,
    ),
    stuck: integer('How many of the pods over their threshold, the oldest, have a series of their own.', {
      absent: 20,
      least: 0,
      most: 100,
    }),
  },
  {
    check({ threshold }, node) {
      if (threshold < 1 || threshold > 86_400) node.at('threshold').fail('out of range: least 1s, most 24h')
    },
  },
)

/** A whole config file. */
export type PendingPodConfig = Infer<typeof pendingPodConfig>
