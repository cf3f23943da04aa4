import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { sql } from 'kysely'
import { AccountMapping, LineKind, MappingTargetKind, TaxState } from '../../src/domain/account-mapping.ts'
import { LinkKind } from '../../src/domain/link.ts'
import { compileMappings, type LineFacts } from '../../src/domain/mapping-choice.ts'
import { shadowsOf } from '../../src/domain/mapping-shadows.ts'
import type { Ledger } from '../../src/ledgers/ledger.ts'
import type { Database } from '../../src/storage/database.ts'
import { lintHistory } from '../../src/sync/lint-history.ts'
import { previewAccountMapping } from '../../src/sync/preview-account-mapping.ts'
import type { FreshDatabase } from '../database.ts'
import { connectionRow, insertRows } from '../storage/rows.ts'
import { type Figure, quantile } from './figures.ts'

const NOW = new Date('2026-03-10T12:00:00Z')
const DAYS = 90

const needs: Ledger['needs'] = ({ discount }, chosen = {}) =>
  discount === '0.00'
    ? []
    : [{ role: 'DISCOUNT', entity: LinkKind.ACCOUNT, name: chosen.DISCOUNT?.ACCOUNT ?? 'Discount' }]

/** So many posted invoices of the last 90 days, of three lines each, with what a CRM says of them. */
async function fillSales(
  database: Database,
  { rows, connectionId }: { rows: number; connectionId: string },
): Promise<void> {
  const spanMs = (DAYS * 86_400_000 * 0.99) / rows
  const first = NOW.getTime() - DAYS * 86_400_000
  await database.run(sql`
    insert into posting (id, connection_id, kind, source_id, generation, state, order_number, document_number, total, currency, document,
        content_hash, quick_books_id, verification, verified_at, written_back_at, processed_at, sent_at, posted_at, created_at, updated_at)
    select (substr(ms, 1, 8) || '-' || substr(ms, 9, 4) || '-7' || substr(md5(n::text), 1, 3) || '-8' || substr(md5(n::text), 4, 3) || '-' || substr(md5(n::text), 7, 12))::uuid,
        ${connectionId}::uuid, 'INVOICE', md5('source' || n)::uuid, 1, 'PROCESSED', 'ORD-' || n, n::text, 1234.50, 'USD',
        jsonb_build_object('kind', 'INVOICE', 'sourceId', md5('source' || n), 'orderNumber', 'ORD-' || n, 'number', n::text, 'date', to_char(at, 'YYYY-MM-DD'),
          'dueDate', to_char(at + interval '30 days', 'YYYY-MM-DD'), 'currency', 'USD',
          'customer', jsonb_build_object('kind', 'CUSTOMER', 'sourceId', md5('customer' || n % 120), 'name', 'Customer ' || n % 120, 'email', 'buyer@customers.example',
            'billing', jsonb_build_object('lines', jsonb_build_array('12 Long Street'), 'city', 'Brackwater', 'state', 'NY', 'postalCode', '10001')),
          'lines', (select jsonb_agg(jsonb_build_object('position', line, 'item', jsonb_build_object('sourceId', md5('item' || (n * line) % 3000), 'name', 'BL-' || (n * line) % 3000),
              'description', 'Copper throw, made by hand, number ' || (n * line) % 3000, 'quantity', '1.5', 'unitPrice', '274.33', 'amount', '411.50',
              'discountPercent', '0', 'discountAmount', '0.00', 'taxable', line = 1)) from generate_series(1, 3) as line),
          'discount', case when n % 4 = 0 then '10.00' else '0.00' end, 'shipping', '0.00', 'tax', '0.00', 'total', '1234.50',
          'mappingFacts', jsonb_build_object('customerGroup', (array['Retail', 'Wholesale', 'Online'])[1 + n % 3], 'categories', jsonb_build_array('Textiles', 'Lighting', null))),
        md5('content' || n), n::text, 'EQUAL', at, at, at, at, at, at, at
    from (select n, to_timestamp((${first}::float8 + n * ${spanMs}::float8) / 1000.0) as at,
            lpad(to_hex((${first}::float8 + n * ${spanMs}::float8)::bigint), 12, '0') as ms
          from generate_series(1, ${rows}::int) as n) as moment`)
  await database.run(sql`vacuum analyze posting`)
}

/** Rules of every manner: literal names, globs and regular expressions, in equal parts. */
function manyRules(count: number): AccountMapping[] {
  return Array.from({ length: count }, (_, n) =>
    Object.assign(new AccountMapping(), {
      ...{
        id: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
        version: 1,
        position: n + 1,
        author: 'a bench',
        createdAt: NOW,
      },
      name: `Rule ${n}`,
      patternKind: n % 3 === 2 ? 'REGEX' : 'GLOB',
      item: [`XL-${n}`, `XL-${n}-*`, `^XL-${n}(-|$)`][n % 3],
      ...{ targetKind: MappingTargetKind.ACCOUNT, target: `Income ${n}` },
    }),
  )
}

/** What one line costs, whose answer is not known yet, in microseconds: the median over many lines. */
function microsecondsPerLine(rules: AccountMapping[]): number {
  const compiled = compileMappings(rules)
  const times = Array.from({ length: 400 }, (_, n) => {
    const facts: LineFacts = {
      ...{ line: 1, kind: LineKind.ITEM, category: 'Textiles', customerGroup: 'Retail', taxState: TaxState.TAXABLE },
      ...{ items: [`BL-${n}`, `Copper throw, number ${n}`], shipTo: [], account: null, amount: '10.00' },
    }
    const began = performance.now()
    compiled.matching(facts, MappingTargetKind.ACCOUNT)
    return (performance.now() - began) * 1000
  })
  return quantile(times.slice(100), 0.5)
}

/** Asking a thousand rules, and looking back over a history, beside what was promised of them. */
export async function measureMappings(fresh: FreshDatabase, { postings }: { postings: number }): Promise<Figure[]> {
  const { database } = fresh
  const connection = connectionRow({ is_default: true })
  const connectionId = String(connection.id)
  await insertRows(database, 'connection', [connection])
  await fillSales(database, { rows: postings, connectionId })
  const rules = manyRules(1_000)
  const [hundred, thousand] = [microsecondsPerLine(rules.slice(0, 100)), microsecondsPerLine(rules)]
  const compileBegan = performance.now()
  const compiled = compileMappings(rules)
  const compileMs = performance.now() - compileBegan
  const shadowBegan = performance.now()
  shadowsOf(rules)
  const shadowMs = performance.now() - shadowBegan
  const ledgerOf = () => ({ needs }) as Ledger
  const preview = (name: string, item: string) => async () => {
    const input = { connectionId, name, item, targetKind: MappingTargetKind.ACCOUNT, target: 'Textile income' }
    return previewAccountMapping({ ledgerOf, now: () => NOW }, database, { input, id: null, days: DAYS, rows: 100 })
  }
  const few = await timed(preview('A few', 'BL-17*'))
  const all = await timed(preview('All', 'BL-*'))
  await insertRules(database, { rules, connectionId })
  const beside = await timed(preview('All', 'BL-*'))
  const since = new Date(NOW.getTime() - DAYS * 86_400_000)
  const history = await timed(() =>
    lintHistory(database, { connectionId, rules: compiled, needs, since, days: DAYS, shadowed: new Set() }),
  )
  return [
    { name: 'one line asked of 1,000 rules', measured: thousand, unit: 'µs median', goal: { atMost: 5_000 } },
    {
      name: 'the same, beside ten times what 100 rules cost',
      measured: thousand / (10 * hundred),
      unit: 'times',
      goal: { atMost: 2 },
    },
    { name: '1,000 rules compiled', measured: compileMs, unit: 'ms', goal: { atMost: 1_000 } },
    { name: '1,000 rules held against each other', measured: shadowMs, unit: 'ms', goal: { atMost: 5_000 } },
    {
      name: `a preview over ${postings} postings that changes a few`,
      measured: few.seconds,
      unit: 's',
      goal: { atMost: 3 },
    },
    {
      name: 'the same, of a rule that changes every line',
      measured: all.seconds,
      unit: 's',
      goal: { atMost: 3 },
    },
    {
      name: 'the same, beside 1,000 rules that have to be asked of 3,000 items',
      measured: beside.seconds,
      unit: 's',
      goal: { atMost: 10 },
    },
    {
      name: 'our own part of the former, without PostgreSQL',
      measured: few.cpuSeconds,
      unit: 's of CPU',
      goal: { atMost: 3 },
    },
    {
      name: 'our own part of the latter, without PostgreSQL',
      measured: all.cpuSeconds,
      unit: 's of CPU',
      goal: { atMost: 3 },
    },
    { name: 'its postings', measured: all.result.postings, unit: 'postings', goal: { atLeast: postings } },
    { name: 'its changed lines', measured: all.result.changedLines, unit: 'lines', goal: { atLeast: 3 * postings } },
    {
      name: 'memory that the preview keeps above what was alive before',
      measured: all.growthMb,
      unit: 'MB',
      goal: { atMost: 40 },
    },
    { name: 'lint of that history beside 1,000 rules', measured: history.seconds, unit: 's', goal: { atMost: 15 } },
  ]
}

async function insertRules(
  database: Database,
  { rules, connectionId }: { rules: AccountMapping[]; connectionId: string },
): Promise<void> {
  await insertRows(
    database,
    'account_mapping',
    rules.map((rule) => ({
      ...{
        id: rule.id,
        version: 1,
        connection_id: connectionId,
        name: rule.name,
        position: rule.position,
        item: rule.item,
      },
      ...{
        pattern_kind: rule.patternKind,
        target_kind: rule.targetKind,
        target: rule.target,
        effective_from: rule.effectiveFrom,
      },
      ...{ author: rule.author, created_at: NOW.toISOString() },
    })),
  )
}

/** The quicker of two runs, and by how much the living memory grew at its highest. */
async function timed<T>(
  work: () => Promise<T>,
): Promise<{ result: T; seconds: number; cpuSeconds: number; growthMb: number }> {
  const seconds: number[] = []
  const cpu: number[] = []
  let growth = 0
  let result = await work()
  for (let run = 0; run < 2; run += 1) {
    const before = await aliveBytes()
    const began = performance.now()
    const beganCpu = process.cpuUsage()
    result = await work()
    seconds.push((performance.now() - began) / 1000)
    const { user, system } = process.cpuUsage(beganCpu)
    cpu.push((user + system) / 1_000_000)
    growth = Math.max(growth, (await aliveBytes()) - before)
  }
  return { result, seconds: Math.min(...seconds), cpuSeconds: Math.min(...cpu), growthMb: growth / 2 ** 20 }
}

async function aliveBytes(): Promise<number> {
  setFlagsFromString('--expose_gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  await sleep(50)
  return process.memoryUsage().heapUsed
}
