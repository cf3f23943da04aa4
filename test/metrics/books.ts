// Companies in a real database, whose QuickBooks has answered: what the road keeps, without a road.
import { sql } from 'kysely'
import type { Connection } from '../../src/domain/connection.ts'
import type { MetricQuestion } from '../../src/domain/ledger-metric.ts'
import type { FigureQuestion, Ledger } from '../../src/ledgers/ledger.ts'
import type { MetricBooks } from '../../src/metrics/books.ts'
import type { Database } from '../../src/storage/database.ts'
import { askForMonths, keepAnswers, metricPull } from '../../src/storage/metric-pulls.ts'
import { type FreshDatabase, freshDatabase } from '../database.ts'
import { answerTo } from '../fixtures/profit-and-loss/desktop.ts'
import { connectionRow, insertRows } from '../storage/rows.ts'
import { type Kind, READERS, requestIdOf } from './readers.ts'

export interface Companies {
  database: Database
  books: MetricBooks
  ids: Record<Kind, string>
  /** Moves the clock. */
  at(time: string): void
  /** Lets QuickBooks answer: kept as it comes, and yet to be counted. */
  answer(kind: Kind, question: FigureQuestion, body: string, months?: { from: string; to: string }): Promise<void>
  /** Lets QuickBooks list its employees as of so many months. */
  employ(
    kind: Kind,
    people: { active?: boolean; hiredOn?: string; releasedOn?: string }[],
    months: Months,
  ): Promise<void>
  /** How often QuickBooks was asked. */
  questions(): Promise<number>
  close(): Promise<void>
}

interface Months {
  from: string
  to: string
}

export async function openCompanies(given?: Pick<FreshDatabase, 'database' | 'close'>): Promise<Companies> {
  const fresh = given ?? (await freshDatabase())
  const { database } = fresh
  const rows = {
    ONLINE: connectionRow({ kind: 'QUICKBOOKS_ONLINE', name: 'Online', realm_id: '1' }),
    DESKTOP: connectionRow({ kind: 'QUICKBOOKS_DESKTOP', name: 'Desktop', realm_id: null }),
  }
  await insertRows(database, 'connection', Object.values(rows))
  const ids = { ONLINE: String(rows.ONLINE.id), DESKTOP: String(rows.DESKTOP.id) }
  let now = new Date('2026-01-05T12:00:00Z')
  const ledgerOf = ({ kind }: Connection): Pick<Ledger, 'figures'> => ({
    figures: kind === 'QUICKBOOKS_ONLINE' ? READERS.ONLINE : READERS.DESKTOP,
  })
  const companies: Companies = {
    database,
    ids,
    books: { database, timeZone: 'America/Denver', now: () => now, ledgerOf },
    at(time) {
      now = new Date(time)
    },
    async answer(kind, question, body, months) {
      const connectionId = ids[kind]
      const { from, to } = months ?? (question.kind === 'PROFIT_AND_LOSS' ? question : { from: '', to: '' })
      await askForMonths(database, { connectionId, from, to, firstFrom: from, basis: 'ACCRUAL' })
      const pull = await metricPull(database, { connectionId })
      if (!pull) throw new Error('nothing was asked for')
      const { operation, request } = READERS[kind].encode(question)
      const position = question.kind === 'EMPLOYEES' ? question.position : 1
      const span = {
        question: question.kind as MetricQuestion,
        fromMonth: from,
        toMonth: to,
        basis: 'ACCRUAL' as const,
      }
      const answer = { ...span, position, operation, request, status: 200, body, askedAt: now }
      await keepAnswers(database, { pull, answers: [answer], leaves: null, trouble: null })
    },
    employ: (kind, people, months) =>
      companies.answer(kind, { kind: 'EMPLOYEES', position: 1 }, employeesOf(kind, people), months),
    async questions() {
      const [row] = await database.rows(sql<{ count: string }>`select count(*) as count from delivery`)
      return Number(row?.count)
    },
    close: () => fresh.close(),
  }
  return companies
}

function employeesOf(kind: Kind, people: { active?: boolean; hiredOn?: string; releasedOn?: string }[]): string {
  if (kind === 'ONLINE') {
    const Employee = people.map(({ active = true, hiredOn, releasedOn }, at) => ({
      ...{ Id: String(at + 1), Active: active },
      ...(hiredOn ? { HiredDate: hiredOn } : {}),
      ...(releasedOn ? { ReleasedDate: releasedOn } : {}),
    }))
    return JSON.stringify({ QueryResponse: { Employee } })
  }
  const records = people.map(
    ({ active = true, hiredOn, releasedOn }, at) =>
      `<EmployeeRet><ListID>80000${at}-1</ListID><IsActive>${active}</IsActive>` +
      `${hiredOn ? `<HiredDate>${hiredOn}</HiredDate>` : ''}${releasedOn ? `<ReleasedDate>${releasedOn}</ReleasedDate>` : ''}</EmployeeRet>`,
  )
  return answerTo('EmployeeQueryRs', requestIdOf({ kind: 'EMPLOYEES', position: 1 }), records.join(''))
}
