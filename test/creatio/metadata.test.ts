import { describe, expect, test } from '@jest/globals'
import { metadataOf } from '../../src/creatio/metadata.ts'
import { validateProfile } from '../../src/creatio/metadata-profile.ts'
import { readXml } from '../../src/creatio/metadata-xml.ts'
import { parseProfile } from '../../src/creatio/profile.ts'

const wrap = (types: string, sets: string) => `<?xml version="1.0" encoding="utf-8"?>
<!-- a site's tables --><edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="Site.OData" xmlns="http://docs.oasis-open.org/odata/ns/edm">${types}</Schema>
<Schema Namespace='Default'><EntityContainer Name='Container'>${sets}</EntityContainer></Schema>
</edmx:DataServices></edmx:Edmx>`

describe('the description of a site', () => {
  const read = metadataOf(
    wrap(
      `<EntityType Name="Base" Abstract="true"><Property Name="Id" Type="Edm.Guid"/><NavigationProperty Name="CreatedBy" Type="Site.OData.Contact"/></EntityType>
       <EntityType Name="Contact" BaseType="Site.OData.Base"><Property Name="Name" Type="Edm.String"></Property></EntityType>
       <EntityType Name="Order" BaseType="Site.OData.Base"><Property Name="Number" Type="Edm.String"/>
         <NavigationProperty Name="Lines" Type="Collection(Site.OData.Line)"/></EntityType>`,
      `<EntitySet Name="Orders" EntityType="Site.OData.Order"/><EntitySet Name="Contact" EntityType="Site.OData.Contact"><NavigationPropertyBinding Path="CreatedBy" Target="Contact"/></EntitySet>`,
    ),
  )

  test('gives each set the columns and navigations of its type and of the types beneath it', () => {
    expect([...read.sets.keys()]).toEqual(['Orders', 'Contact'])
    const orders = read.sets.get('Orders')
    expect([...(orders?.columns ?? [])].sort()).toEqual(['Id', 'Number'])
    expect(Object.fromEntries(orders?.navigations ?? [])).toEqual({ Lines: 'Line', CreatedBy: 'Contact' })
  })

  test('whose types lean on each other in a circle still ends', () => {
    const circle = wrap(
      `<EntityType Name="A" BaseType="S.B"><Property Name="X"/></EntityType><EntityType Name="B" BaseType="S.A"><Property Name="Y"/></EntityType>`,
      `<EntitySet Name="A" EntityType="S.A"/>`,
    )
    expect([...(metadataOf(circle).sets.get('A')?.columns ?? [])].sort()).toEqual(['X', 'Y'])
  })

  test.each([
    ['a page', '<!DOCTYPE html><html><body>Log in</body></html>'],
    ['an entity bomb', '<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'],
    ['nothing', ''],
    ['half of it', wrap('<EntityType Name="A">', '').slice(0, 300)],
    ['tags that cross', '<a><b></a></b>'],
    ['a second root', '<a/><b/>'],
    ['a stray end', '</a>'],
    ['no sets', wrap('', '')],
  ])('that is %s is refused', (_, xml) => {
    expect(() => metadataOf(xml)).toThrow(expect.objectContaining({ name: 'XmlError' }))
  })

  test('of five thousand tables, as large sites have them, is read whole', () => {
    const columns = Array.from(
      { length: 40 },
      (_, at) => `<Property Name="Column${at}" Type="Edm.String" Nullable="false"/>`,
    ).join('')
    const types = Array.from({ length: 5_000 }, (_, at) => `<EntityType Name="T${at}">${columns}</EntityType>`).join(
      '\n',
    )
    const sets = Array.from({ length: 5_000 }, (_, at) => `<EntitySet Name="T${at}" EntityType="S.T${at}"/>`).join('')
    expect(metadataOf(wrap(types, sets)).sets.size).toBe(5_000)
  })
})

describe('reading XML', () => {
  test('passes over comments, instructions and CDATA, and reads what attributes mean', () => {
    const seen: string[] = []
    readXml(`<?xml version="1.0"?><a:x><!-- <b> --><b c:d="1 &lt; 2 &amp;&#x41;&#66;" e='"'/><![CDATA[ <c> ]]></a:x>`, {
      open: ({ name, attributes }) => seen.push(`${name} ${JSON.stringify(attributes)}`),
      close: (name) => seen.push(`/${name}`),
    })
    expect(seen).toEqual(['x {}', 'b {"d":"1 < 2 &AB","e":"\\""}', '/b', '/x'])
  })
})

describe('a profile held against its site', () => {
  const text = (...names: string[]) => names.map((name) => `<Property Name="${name}" Type="Edm.String"/>`).join('')
  const lookup = (name: string, to: string) => `${text(`${name}Id`)}<NavigationProperty Name="${name}" Type="S.${to}"/>`
  const log = `<EntityType Name="BGQuickBooksIntegrationLogDetail">${text('Id', 'BGRecordId', 'BGErrorMessage')}${lookup('BGType', 'L')}${lookup('BGAction', 'L')}${lookup('BGStatus', 'L')}</EntityType>`
  const site = metadataOf(
    wrap(
      `${log}<EntityType Name="L">${text('Id', 'Name')}</EntityType>`,
      '<EntitySet Name="BGQuickBooksIntegrationLogDetail" EntityType="S.BGQuickBooksIntegrationLogDetail"/><EntitySet Name="Orders" EntityType="S.L"/>',
    ),
  )

  test('names each table that is not there once, and not each of its columns', () => {
    const problems = validateProfile(parseProfile({}), site)
    expect(problems.map(({ setting, stops }) => `${setting}: ${stops}`)).toEqual([
      'orderLog.name: null',
      'order.set: the order',
      'account.set: the order',
      'orderLine.set: the order',
      'commissionEarner.set: null',
    ])
    expect(problems[1]?.sentence).toBe('The CRM has no table "Order". Did you mean "Orders"?')
  })

  test('asks nothing of a column that the profile leaves out', () => {
    const left = parseProfile({ orderLog: { name: null } })
    expect(validateProfile(left, site).filter(({ setting }) => setting.startsWith('orderLog'))).toEqual([])
  })

  test('looks at the columns of products only where items are written into them, and nothing stops for it', () => {
    const named = parseProfile({
      product: { set: 'Orders', standardName: 'Name', fromQuickBooks: { name: 'Name', price: 'Prise' } },
    })
    const problems = validateProfile(named, site).filter(({ setting }) => setting.startsWith('product'))
    expect(problems.map(({ setting, stops }) => `${setting}: ${stops}`)).toEqual(['product.fromQuickBooks.price: null'])
  })
})
