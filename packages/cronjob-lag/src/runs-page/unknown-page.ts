// SPDX-License-Identifier: Apache-2.0
import { blindnessLine, html, page, reportStyle } from '@leadline/kit'
import type { CronJobName } from './find.ts'
import { searchForm } from './list-page.ts'
import { runPath } from './paths.ts'
import type { RunsView } from './view.ts'

/** What is said of a CronJob that is not there. */
export function unknownText({ namespace, name }: CronJobName): string {
  return `There is no CronJob ${name} in namespace ${namespace}.`
}

/** The page for it. */
export function unknownPage(asked: CronJobName, meant: CronJobName | undefined, view: RunsView): string {
  const mend =
    meant === undefined
      ? ''
      : html`<p>Did you mean <a href="${view.path(runPath(meant))}">${meant.name} in ${meant.namespace}</a>?</p>`
  return page({
    title: 'No such CronJob',
    header: html`<h1 class="bad">${unknownText(asked)}</h1>
${mend}
<p><a href="${view.path('runs')}">All CronJobs</a></p>
${blindnessLine(view.blindness())}`.markup,
    main: searchForm({ namespace: asked.namespace, cronJob: asked.name }, view).markup,
    style: reportStyle,
  })
}
