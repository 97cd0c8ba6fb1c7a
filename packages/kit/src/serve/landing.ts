// SPDX-License-Identifier: Apache-2.0

/** A link; the path is relative to the route prefix, without a slash at its beginning. */
export interface LandingLink {
  readonly path: string
  readonly text: string
  readonly about: string
}

/** A text, or one that leads somewhere (relative as LandingLink's path) or is marked as good or bad. */
export type LandingCell = string | { readonly text: string; readonly path?: string; readonly tone?: 'good' | 'bad' }

/** A table under a heading. */
export interface LandingSection {
  readonly title: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly LandingCell[])[]
  /** What stands in place of an empty table. */
  readonly empty: string
}

/** A form that sends its fields as the query of a GET. */
export interface LandingForm {
  readonly title: string
  readonly path: string
  readonly submit: string
  readonly fields: readonly {
    readonly name: string
    readonly label: string
    readonly placeholder?: string
    /** Choices; a field without them takes free text. */
    readonly choices?: readonly string[]
  }[]
}

/** What an exporter adds to its landing page. */
export interface Landing {
  readonly links?: readonly LandingLink[]
  readonly form?: LandingForm
  readonly sections?: readonly LandingSection[]
}
