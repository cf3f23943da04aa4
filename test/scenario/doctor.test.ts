import { afterEach, describe, expect, test } from '@jest/globals'
import { Environment } from '../../src/domain/kinds.ts'
import { listConnections } from '../../src/storage/connections.ts'
import { diagnose } from '../../src/sync/doctor.ts'
import { type Finding, findingLines } from '../../src/sync/doctor-finding.ts'
import { openPatient } from '../../src/sync/doctor-patient.ts'
import { checkProfile } from '../../src/sync/doctor-profile.ts'
import { type Clinic, type ClinicOptions, openClinic } from './clinic.ts'

/** One pending order, and nothing else that could go wrong. */
const counts = Object.fromEntries(
  'falselyProcessed processed stuckAbsent stuckInQuickBooks timedOutAbsent timedOutInQuickBooks adoptable mismatched discounted unknownCustomer cancelled empty zeroQuantity severalRows deleteRows factoryRows inventoryRows commissionRows withoutLogRow'
    .split(' ')
    .map((name) => [name, 0]),
)

let clinic: Clinic
afterEach(() => clinic?.close())

async function visit(options: ClinicOptions = {}, prepare: () => Promise<void> = async () => {}): Promise<Finding[]> {
  clinic = await openClinic({ world: 'empty', ...options })
  await prepare()
  return examine()
}

const publicAddress = () => ({ publicUrl: 'https://books.example.com', host: '127.0.0.1', trustedProxy: 'loopback' })

function examine(): Promise<Finding[]> {
  return diagnose(
    openPatient({
      configuration: async () => ({ finding: 'Complete.', played: false }),
      openStore: async () => ({ database: clinic.database, close: async () => {} }),
      openApp: async () => ({ road: clinic.road, close: async () => {} }),
      openCrm: async () => clinic.road.crm,
      openJobStore: async () => ({ kind: 'mongodb', close: async () => {} }),
      publicAddress,
      now: clinic.road.now,
    }),
  )
}

const of = (findings: Finding[], check: string) => findings.filter((one) => one.check === check)
const bad = (findings: Finding[]) => findings.filter(({ mark }) => mark === 'BAD').map(({ check }) => check)

describe('the doctor', () => {
  test('finds nothing wrong with a healthy installation, and looks at every part', async () => {
    const findings = await visit()
    expect(bad(findings)).toEqual([])
    expect([...new Set(findings.map(({ check }) => check))]).toEqual([
      'configuration',
      'database',
      'job store',
      'CRM',
      'CRM clock',
      'CRM sign-in',
      'rights and columns',
      'order log',
      'lookup values',
      'CRM settings',
      'QuickBooks token',
      'company',
      'custom numbers',
      'sales tax',
      'discount account',
      'QuickBooks clock',
    ])
    expect(of(findings, 'company')[0]?.finding).toContain(clinic.sandbox.realmId)
    expect(findingLines(findings).filter((line) => !line.startsWith('    '))).toHaveLength(findings.length)
  })

  test('says where the settings of the CRM contradict the connection: another company, an empty port, an old server', async () => {
    const findings = of(await visit(), 'CRM settings')
    expect(findings.map(({ mark }) => mark)).toEqual(['WARN', 'WARN', 'WARN'])
    const all = findings.map(({ finding }) => finding).join('\n')
    expect(all).toContain('BGQuickBooksRealmId is 9130000000000001')
    expect(all).toContain('BGQuickBooksLocalPort is empty')
    expect(all).toContain('BGQuickBooksLocalUrl still names the local server http://192.0.2.10')
  })

  test('says that the CRM points to the sandbox while the connection is production', async () => {
    const findings = of(await visit({ environment: Environment.PRODUCTION }), 'CRM settings')
    expect(findings[0]?.finding).toContain(
      "BGQuickBooksBaseUrl is https://sandbox-quickbooks.api.intuit.com, Intuit's sandbox; the connection",
    )
    expect(findings[0]?.finding).toContain('is production.')
  })

  test('names a refused password, and does not try it a second time', async () => {
    const findings = await visit({ password: 'wrong' })
    expect(bad(findings)).toEqual(['CRM sign-in'])
    expect(of(findings, 'CRM sign-in')[0]).toMatchObject({ remedy: expect.stringContaining('CREATIO_PASSWORD') })
    expect(of(findings, 'QuickBooks token')[0]?.mark).toBe('OK')
    expect(await clinic.sandbox.fetchControl<unknown[]>('/log?path=AuthService.svc/Login')).toHaveLength(1)
  })

  test('names a dead token, and what to do', async () => {
    const findings = await visit({ refreshToken: 'a token that nobody gave out' })
    expect(bad(findings)).toEqual(['QuickBooks token'])
    expect(of(findings, 'QuickBooks token')[0]).toMatchObject({
      finding: expect.stringContaining('no longer accepts our sign-in'),
      remedy: expect.stringContaining('Connect the company again'),
    })
  })

  test('names a column that the CRM does not have, with the one that was meant', async () => {
    const findings = await visit({ profile: { order: { shipDate: 'BGShipDat' }, account: { city: 'Citi' } } })
    expect(of(findings, 'rights and columns').map(({ finding }) => finding)).toEqual([
      'The CRM\'s table Order has no column "BGShipDat". Did you mean "BGShipDate"? Without it the order cannot be read.',
      'The CRM\'s table Account has no column "Citi". Did you mean "City"? Without it the order cannot be read.',
    ])
    expect(bad(findings)).toEqual(['rights and columns', 'rights and columns'])
  })

  test('names an order log that the CRM does not have', async () => {
    const findings = await visit({ profile: { orderLog: { set: 'BGQuickBooksIntegrationLogDetails' } } })
    expect(of(findings, 'rights and columns')[0]?.finding).toContain('Did you mean "BGQuickBooksIntegrationLogDetail"?')
    expect(bad(findings)).toContain('order log')
  })

  test('names a discount account that is missing, and one that is inactive', async () => {
    const missing = await visit({ world: 'incident', counts: { ...counts, pending: 1 } })
    expect(of(missing, 'discount account')[0]).toMatchObject({
      mark: 'BAD',
      finding: 'QuickBooks has no active account "Discount": orders with a discount cannot be posted.',
      remedy: 'Create the account "Discount" in the QuickBooks chart of accounts, or make it active there.',
    })
    await clinic.close()
    const inactive = await visit({}, async () => {
      const [account] = (await clinic.records('qbo.Account')).filter(({ Name }) => Name === 'Discount')
      await clinic.change('qbo.Account', String(account?.Id), { Active: false })
    })
    expect(of(inactive, 'discount account')[0]).toMatchObject({
      mark: 'BAD',
      finding: expect.stringContaining('no active account'),
    })
  })

  test('names custom transaction numbers that are off, and the mode of sales tax', async () => {
    const findings = await visit({}, () => clinic.settings({ customTxnNumbers: false, automatedSalesTax: true }))
    expect(bad(findings)).toEqual(['custom numbers'])
    expect(of(findings, 'sales tax')[0]?.finding).toContain('computes it by itself')
  })

  test('says that the CRM is down, and still looks at QuickBooks', async () => {
    const findings = await visit({}, () => clinic.fault({ system: 'creatio', fault: { kind: 'cut' } }))
    expect(bad(findings)).toEqual(['CRM'])
    expect(of(findings, 'QuickBooks token')[0]?.mark).toBe('OK')
  })

  test('says how far our clock is off', async () => {
    const findings = await visit({ aheadSeconds: 90 })
    for (const check of ['CRM clock', 'QuickBooks clock']) {
      expect(of(findings, check)[0]).toMatchObject({
        mark: 'WARN',
        finding: expect.stringMatching(/^Ours is (89|90|91) s ahead of that of /),
        remedy: expect.stringContaining('NTP'),
      })
    }
  })

  test('counts the log rows that the profile does not understand, and names their values', async () => {
    const findings = await visit({ world: 'incident', counts: { ...counts, pending: 3 } }, async () => {
      const [row] = await clinic.records('creatio.BGQuickBooksIntegrationLogDetail')
      const strange = { Id: '11111111-2222-4333-8444-555555555555', Name: 'On hold' }
      await clinic.sandbox.fetchControl(`/records/creatio.BGQuickBooksIntegrationStatus/${strange.Id}`, {
        method: 'PUT',
        body: strange,
      })
      await clinic.change('creatio.BGQuickBooksIntegrationLogDetail', String(row?.Id), { BGStatusId: strange.Id })
    })
    expect(of(findings, 'lookup values')).toEqual([
      expect.objectContaining({
        mark: 'WARN',
        finding: '1 log rows have a status that the profile does not know: On hold.',
        remedy: expect.stringContaining('profile'),
      }),
    ])
  })

  test('says that a CRM is just changing its tables, and does not call it broken for that', async () => {
    const findings = await visit({}, () =>
      clinic.fault({ system: 'creatio', path: '$metadata', fault: { kind: 'no-http-resource' } }),
    )
    expect(of(findings, 'rights and columns')[0]).toMatchObject({
      mark: 'WARN',
      remedy: 'Its schema has just been changed: ask again in two minutes.',
    })
  })

  test('says everything that is wrong with the configuration, and looks no further', async () => {
    clinic = await openClinic({ world: 'empty' })
    const never = () => Promise.reject(new Error('not to be opened'))
    const findings = await diagnose(
      openPatient({
        configuration: async () => {
          throw new Error('PORT: is no number\nCREATIO_ULR: there is no such setting. Did you mean "CREATIO_URL"?')
        },
        openStore: never,
        openApp: never,
        openCrm: never,
        openJobStore: never,
        publicAddress,
        now: clinic.road.now,
      }),
    )
    expect(findings.map(({ check, mark }) => `${mark} ${check}`)).toEqual(['BAD configuration', 'BAD configuration'])
  })

  test('looks at the CRM even when there is no database', async () => {
    clinic = await openClinic({ world: 'empty' })
    const findings = await diagnose(
      openPatient({
        configuration: async () => ({ finding: 'Complete.', played: false }),
        openStore: () => Promise.reject(new Error('connect ECONNREFUSED')),
        openApp: () => Promise.reject(new Error('not to be opened')),
        openCrm: async () => clinic.road.crm,
        openJobStore: () => Promise.reject(new Error('not to be opened')),
        publicAddress,
        now: clinic.road.now,
      }),
    )
    expect(bad(findings)).toEqual(['database', 'QuickBooks'])
    expect(of(findings, 'CRM sign-in')[0]?.mark).toBe('OK')
  })
})

describe('the profile at the start', () => {
  test('stops it when the order log or the order could not be read, and says which column was meant', async () => {
    clinic = await openClinic({ world: 'empty', profile: { order: { shipDate: 'BGShipDat' } } })
    await expect(checkProfile(clinic.road)).rejects.toThrow(
      'Did you mean "BGShipDate"? Without it the order cannot be read.',
    )
    expect(clinic.logged).toEqual([
      expect.objectContaining({ setting: 'order.shipDate', remedy: expect.stringContaining('CREATIO_PROFILE') }),
    ])
  })

  test('does not stop it for a name that is only a convenience, and logs that', async () => {
    clinic = await openClinic({ world: 'empty', profile: { orderLog: { name: 'BGNam' } } })
    await checkProfile(clinic.road)
    expect(clinic.logged).toEqual([expect.objectContaining({ setting: 'orderLog.name' })])
  })

  test('asks again while the CRM changes its tables', async () => {
    clinic = await openClinic({ world: 'empty' })
    await clinic.fault({ system: 'creatio', path: '$metadata', times: 2, fault: { kind: 'no-http-resource' } })
    await checkProfile(clinic.road)
    expect(await clinic.sandbox.fetchControl<unknown[]>('/log?path=$metadata')).toHaveLength(3)
  })

  test('does not stop it when the CRM is down', async () => {
    clinic = await openClinic({ world: 'empty', password: 'wrong' })
    await checkProfile(clinic.road)
    expect(clinic.logged).toHaveLength(1)
  })
})

describe('a company that gives documents its own numbers', () => {
  test('stops its connection before anything is written, and goes on by itself when that is put right', async () => {
    clinic = await openClinic({ counts: { ...counts, pending: 2 } })
    await clinic.settings({ customTxnNumbers: false })
    await clinic.day()
    const [stopped] = await listConnections(clinic.database)
    expect(stopped).toMatchObject({ state: 'STOPPED', stateReasonCode: 'CUSTOM_NUMBERS_OFF' })
    expect(stopped?.stateReason?.remedy).toContain('Custom transaction numbers')
    const invoices = async () =>
      (await clinic.sandbox.fetchControl<Record<string, number>>('/tables'))['qbo.Invoice'] ?? 0
    expect(await invoices()).toBe(0)
    expect(of(await examine(), 'connection')[0]?.finding).toContain('is stopped')
    await clinic.settings({ customTxnNumbers: true })
    await clinic.day()
    expect((await listConnections(clinic.database))[0]?.state).toBe('ACTIVE')
    expect(await invoices()).toBe(2)
  })
})
