// SPDX-License-Identifier: Apache-2.0
import { utcText } from '../schedule/local-time.ts'
import type { Starts } from './starts.ts'

/** Hours of which each is a row, at most; of longer windows this much is drawn. */
const mostRows = 24

/** An hour of the window: the name of the hour, how many runs it has, and a character for each minute. */
interface Row {
  readonly hour: string
  readonly runs: number
  readonly marks: string
}

/** The runs of each minute as text: a row for each hour (UTC), one for several that are alike, a character for each minute. */
export function histogram(starts: Starts, mostStarts: number): string {
  const { perMinute, window, unplaced } = starts
  const total = perMinute.reduce((sum, count) => sum + count, 0)
  if (total === 0 && unplaced === 0) return ''
  const rows = rowsOf(starts, mostStarts)
  const others = rows.length > mostRows ? `, the first ${mostRows} hours of it` : ''
  const most = perMinute.reduce((highest, count) => Math.max(highest, count), 0)
  return [
    `Starts per minute from ${utcText(window.fromSeconds)}${others}: "." none, 1 to 9, "+" 10 or more, "!" above ${mostStarts}`,
    'hour     runs  :00       :10       :20       :30       :40       :50',
    ...joined(rows.slice(0, mostRows)),
    `${total} runs, at most ${most} in one minute${unplacedText(unplaced)}`,
    '',
  ].join('\n')
}

function rowsOf({ perMinute, window }: Starts, mostStarts: number): Row[] {
  const lead = (window.fromSeconds / 60) % 60
  const first = window.fromSeconds - lead * 60
  return Array.from({ length: Math.ceil((lead + perMinute.length) / 60) }, (_, i) => {
    const counts = perMinute.slice(Math.max(0, i * 60 - lead), i * 60 - lead + 60)
    const marks = counts.map((count) => mark(count, mostStarts)).join('')
    return {
      hour: utcText(first + i * 3600).slice(11, 13),
      runs: counts.reduce((sum, count) => sum + count, 0),
      marks: i === 0 ? marks.padStart(Math.min(60, lead + marks.length)) : marks,
    }
  })
}

/** The rows as lines; those that are alike one after another are one line. */
function joined(rows: readonly Row[]): string[] {
  const lines: string[] = []
  for (let i = 0; i < rows.length; ) {
    const { hour, runs, marks } = rows[i] as Row
    let last = i
    while (rows[last + 1]?.marks === marks && rows[last + 1]?.runs === runs) last += 1
    const hours = last === i ? hour : `${hour}-${rows[last]?.hour}`
    lines.push(`${hours.padEnd(5)}  ${String(runs).padStart(6)}  ${marks}`)
    i = last + 1
  }
  return lines
}

function mark(count: number, mostStarts: number): string {
  if (count > mostStarts) return '!'
  if (count === 0) return '.'
  return count < 10 ? String(count) : '+'
}

function unplacedText(unplaced: number): string {
  if (unplaced === 0) return ''
  return `; besides, ${unplaced} CronJob${unplaced === 1 ? '' : 's'} with @every, at minutes that only the cluster knows`
}
