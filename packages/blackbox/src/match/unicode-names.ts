// SPDX-License-Identifier: Apache-2.0
import { RE2JS } from 're2js'

/** Long names of Unicode's general categories (PropertyValueAliases.txt, gc), folded as Go folds them, to short ones. */
const categories: Readonly<Record<string, string>> = {
  Casedletter: 'LC',
  Closepunctuation: 'Pe',
  Cntrl: 'Cc',
  Combiningmark: 'M',
  Connectorpunctuation: 'Pc',
  Control: 'Cc',
  Currencysymbol: 'Sc',
  Dashpunctuation: 'Pd',
  Decimalnumber: 'Nd',
  Digit: 'Nd',
  Enclosingmark: 'Me',
  Finalpunctuation: 'Pf',
  Format: 'Cf',
  Initialpunctuation: 'Pi',
  Letter: 'L',
  Letternumber: 'Nl',
  Lineseparator: 'Zl',
  Lowercaseletter: 'Ll',
  Mark: 'M',
  Mathsymbol: 'Sm',
  Modifierletter: 'Lm',
  Modifiersymbol: 'Sk',
  Nonspacingmark: 'Mn',
  Number: 'N',
  Openpunctuation: 'Ps',
  Other: 'C',
  Otherletter: 'Lo',
  Othernumber: 'No',
  Otherpunctuation: 'Po',
  Othersymbol: 'So',
  Paragraphseparator: 'Zp',
  Privateuse: 'Co',
  Punct: 'P',
  Punctuation: 'P',
  Separator: 'Z',
  Spaceseparator: 'Zs',
  Spacingmark: 'Mc',
  Surrogate: 'Cs',
  Symbol: 'S',
  Titlecaseletter: 'Lt',
  Unassigned: 'Cn',
  Uppercaseletter: 'Lu',
}

/**
 * A name of a Unicode class as re2js has it, from one as Go 1.25 takes it: case, spaces, hyphens and underscores don't
 * matter, and categories have long names too. Unknown names come back as they are.
 */
export function unicodeClassName(name: string): string {
  const letters = name.replaceAll(/[ _-]/g, '')
  const folded = letters.slice(0, 1).toUpperCase() + letters.slice(1).toLowerCase()
  return categories[folded] ?? (letters === name && isClass(folded) ? folded : name)
}

function isClass(name: string): boolean {
  try {
    RE2JS.compile(`\\p{${name}}`)
    return true
  } catch {
    return false
  }
}
