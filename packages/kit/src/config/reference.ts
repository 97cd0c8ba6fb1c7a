// SPDX-License-Identifier: Apache-2.0
import type { JsonSchema, Shape } from './shape.ts'

interface Block {
  readonly path: string
  readonly schema: JsonSchema
}

/** A page (Markdown) with every key of a config: what it takes, its default, what it means. Made from the shape alone. */
export function configPage<T>(title: string, shape: Shape<T>): string {
  const blocks: Block[] = []
  collect({ path: '', schema: shape.schema }, blocks)
  const sections = blocks.map(({ path, schema }) =>
    [
      `## ${path === '' ? 'The file' : `\`${path}\``}`,
      '',
      textOf(schema['description']),
      '',
      ...table(path, schema),
    ].join('\n'),
  )
  const note = 'Made from the code by `npm run docs`; change it there.'
  return `${[`# ${title}`, note, ...sections].join('\n\n')}\n`
}

/** Every mapping with known keys, outer ones first. */
function collect({ path, schema }: Block, blocks: Block[]): void {
  const properties = schema['properties'] as Readonly<Record<string, JsonSchema>> | undefined
  if (properties !== undefined) blocks.push({ path, schema })
  for (const [key, inner] of Object.entries(properties ?? {})) {
    collect({ path: path === '' ? key : `${path}.${key}`, schema: inner }, blocks)
  }
  const items = schema['items'] as JsonSchema | undefined
  if (items !== undefined) collect({ path: `${path}[]`, schema: items }, blocks)
  const values = schema['additionalProperties']
  if (typeof values === 'object') collect({ path: `${path}.<name>`, schema: values as JsonSchema }, blocks)
}

function table(path: string, schema: JsonSchema): string[] {
  const properties = schema['properties'] as Readonly<Record<string, JsonSchema>>
  const required = new Set((schema['required'] as readonly string[] | undefined) ?? [])
  const rows = Object.entries(properties).map(([key, field]) => {
    const marks = required.has(key) ? ' (must be set)' : ''
    return `| \`${key}\` | ${cell(takes(field))} | ${cell(absent(field))} | ${cell(textOf(field['description']))}${marks} |`
  })
  return [
    `| key${path === '' ? '' : ' of this block'} | takes | default | meaning |`,
    '| --- | --- | --- | --- |',
    ...rows,
  ]
}

function takes(schema: JsonSchema): string {
  const title = textOf(schema['title']) || textOf(schema['type']) || 'anything'
  const items = schema['items'] as JsonSchema | undefined
  if (items !== undefined) return `${title} of ${takes(items)}`
  const values = schema['additionalProperties']
  return typeof values === 'object' ? `${title} of names to ${takes(values as JsonSchema)}` : title
}

function absent(schema: JsonSchema): string {
  const value = schema['default']
  const empty =
    value === undefined || value === '' || (typeof value === 'object' && Object.keys(value ?? {}).length === 0)
  return empty ? '' : `\`${textOf(value)}\``
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}

/** What a schema says at some key, as text; empty for nothing and for what has no short text. */
function textOf(value: unknown): string {
  return ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : ''
}
