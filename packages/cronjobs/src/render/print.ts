// SPDX-License-Identifier: Apache-2.0
import { Document, visit } from 'yaml'

/** Text that readers of YAML take for text without quotes, words apart. */
const plainText = /^[A-Za-z/](?:[A-Za-z0-9 ._/@-]|:(?=[A-Za-z0-9]))*$/

/** Words that some reader of YAML 1.1 takes for something else. */
const words = /^(y|n|yes|no|on|off|true|false|null|e-?\d+)$/i

/** A text of several lines is easier to read as a block. */
const blockText = /^[!-~][ -~]*(\n[ -~]*)+$/

/** A line of nothing but blanks, which a block may lose. */
const blankLine = /^ +$/m

/** Characters that kubectl's reader refuses as they are, or takes for an end of line. */
const unprintable = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g

/** Manifests as one YAML text that reads the same by YAML 1.1, as kubectl has it, and by 1.2. */
export function printManifests(manifests: readonly unknown[]): string {
  return manifests.map(printManifest).join('---\n')
}

function printManifest(manifest: unknown): string {
  const document = new Document(manifest, { keepUndefined: false, aliasDuplicateObjects: false })
  visit(document, {
    Scalar(_, node) {
      if (typeof node.value === 'string' && needsQuotes(node.value)) node.type = 'QUOTE_DOUBLE'
    },
  })
  // They are in texts with quotes only, where an escape means the same.
  return document.toString({ lineWidth: 0 }).replaceAll(unprintable, escaped)
}

function needsQuotes(value: string): boolean {
  return words.test(value) || !(plainText.test(value) || (blockText.test(value) && !blankLine.test(value)))
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
