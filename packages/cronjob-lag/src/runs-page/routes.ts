// SPDX-License-Identifier: Apache-2.0
import { type Report, reportRoute } from '@leadline/kit'
import { answerOf } from './answer.ts'
import { askedOf } from './asked.ts'
import { detailPage } from './detail-page.ts'
import { detailDocument, listDocument } from './document.ts'
import { type CronJobName, findCronJob } from './find.ts'
import { listAnswer } from './list-answer.ts'
import { listPage } from './list-page.ts'
import { listCronJobs, type Search } from './listing.ts'
import { unknownPage, unknownText } from './unknown-page.ts'
import type { RunsView } from './view.ts'

/** Adds /runs: the answer to "did it run?", for one CronJob with `?namespace=` and `?cronjob=`, otherwise for all that match. */
export function runsRoutes(view: RunsView): ReturnType<typeof reportRoute> {
  return reportRoute('/runs', (parameter) => {
    const namespace = parameter('namespace')
    const cronJob = parameter('cronjob')
    return namespace !== undefined && cronJob !== undefined
      ? reportOne(view, { namespace, name: cronJob })
      : reportAll(view, { namespace, cronJob })
  })
}

async function reportAll(view: RunsView, search: Search): Promise<Report> {
  const listing = await listCronJobs(view, search)
  return {
    page: () => listPage(listing, search, view),
    document: () => listDocument(listing, listAnswer(listing), view),
  }
}

function reportOne(view: RunsView, name: CronJobName): Report {
  const search = findCronJob(view, name)
  if ('found' in search) {
    const asked = askedOf(search.found, view)
    const answer = answerOf(asked)
    return { page: () => detailPage(asked, answer, view), document: () => detailDocument(asked, answer, view) }
  }
  const { meant } = search
  const nearest = meant === undefined ? null : { namespace: meant.namespace, cronJob: meant.name }
  return {
    code: 404,
    page: () => unknownPage(name, meant, view),
    document: () => ({ error: unknownText(name), nearest }),
  }
}
