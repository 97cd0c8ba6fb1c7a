// SPDX-License-Identifier: Apache-2.0
import { type Alias, type Document, isAlias, isNode, type Node, visit } from 'yaml'

/** Most nodes that the aliases of a document may stand for: files written by hand have a few dozen. */
const mostSpread = 200_000

/** What the aliases of one document stand for. */
export interface Aliases {
  /** The node an alias stands for: that of the last such anchor above it; undefined when there is none. */
  target(alias: Alias): Node | undefined
  /** Counts the nodes that following an alias brings; false once they are more than any honest file has. */
  follow(target: Node): boolean
}

/** Looks through a document once; yaml's own `resolve` does so for each alias, which takes minutes for thousands. */
export function aliasesOf(document: Document): Aliases {
  const anchored = new Map<string, Node>()
  const targets = new Map<Alias, Node>()
  visit(document, {
    Node(_, node) {
      if (isAlias(node)) {
        const target = anchored.get(node.source)
        if (target !== undefined) targets.set(node, target)
      } else if (node.anchor !== undefined) anchored.set(node.anchor, node)
    },
  })
  const sizes = new Map<Node, number>()
  let spread = 0
  return {
    target: (alias) => targets.get(alias),
    follow(target) {
      const size = sizes.get(target) ?? sizeOf(target)
      sizes.set(target, size)
      spread += size
      return spread <= mostSpread
    },
  }
}

function sizeOf(top: Node): number {
  let size = 0
  visit(top, (_, node) => {
    if (isNode(node)) size += 1
  })
  return size
}
