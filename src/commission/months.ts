import { isDay } from '../domain/payment-application.ts'
import type { Month } from '../storage/commission-periods.ts'
import { InvalidRequest } from '../storage/pages.ts'

const DAYS_MAX = 3_700

/** The first and the last day of `yyyy-mm`. Throws InvalidRequest. */
export function monthFrom(text: string): Month {
  const [, year = '', month = ''] = /^(\d{4})-(\d{2})$/.exec(text) ?? []
  if (!isDay(`${year}-${month}-01`))
    throw new InvalidRequest(`"${text.slice(0, 30)}" is no month: write it as 2026-03.`)
  const last = new Date(Date.UTC(Number(year), Number(month), 0))
  return { month: text, startsOn: `${text}-01`, endsOn: last.toISOString().slice(0, 10) }
}

/** The days of a month, or from one day to another. Throws InvalidRequest. */
export function daysFrom(input: { month?: string | null; from?: string | null; to?: string | null }): {
  from: string
  to: string
} {
  const { month, from, to } = input
  if (month) {
    if (from || to) throw new InvalidRequest('Give either "month" or "from" and "to".')
    const { startsOn, endsOn } = monthFrom(month)
    return { from: startsOn, to: endsOn }
  }
  if (!from || !to) throw new InvalidRequest('Give a "month" such as 2026-03, or both "from" and "to".')
  assertDay(from, 'from')
  assertDay(to, 'to')
  if (from > to) throw new InvalidRequest(`"from" is ${from} and "to" is ${to}: the first day comes first.`)
  if ((Date.parse(to) - Date.parse(from)) / 86_400_000 > DAYS_MAX) {
    throw new InvalidRequest(`From ${from} to ${to} is more than ${DAYS_MAX} days: ask for less at once.`)
  }
  return { from, to }
}

/** Throws InvalidRequest unless the text is a day, `yyyy-mm-dd`. */
export function assertDay(text: string, name: string): void {
  if (!isDay(text))
    throw new InvalidRequest(`"${name}" is "${text.slice(0, 30)}", which is no day: write it as 2026-03-31.`)
}

/** The day that it is in a time zone, `yyyy-mm-dd`. */
export function dayIn({ timeZone, now }: { timeZone: string; now: Date }): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(now)
}
