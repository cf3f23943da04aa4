import { type Column, type Entity, entities } from '../schema.ts'

const namespace = 'Terrasoft.Configuration.OData'
const edmTypes: Record<Column['type'], string> = {
  guid: 'Edm.Guid',
  lookup: 'Edm.Guid',
  text: 'Edm.String',
  date: 'Edm.DateTimeOffset',
  boolean: 'Edm.Boolean',
  integer: 'Edm.Int32',
  decimal: 'Edm.Decimal',
}

/** The service's description (CSDL 4.0): entity types with key, properties and navigations, and one container of sets. */
export function metadataXml(): string {
  const all = [...entities.values()]
  return `<?xml version="1.0" encoding="utf-8"?>
<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="${namespace}" xmlns="http://docs.oasis-open.org/odata/ns/edm">
${all.map(entityType).join('\n')}
</Schema>
<Schema Namespace="Default" xmlns="http://docs.oasis-open.org/odata/ns/edm"><EntityContainer Name="Container">
${all.map(entitySet).join('\n')}
</EntityContainer></Schema>
</edmx:DataServices></edmx:Edmx>`
}

function entityType(entity: Entity): string {
  const properties = [...entity.columns.values()].map(property).join('')
  const navigations = [...entity.navigations.values()].map(navigation).join('')
  return `<EntityType Name="${entity.name}"><Key><PropertyRef Name="Id"/></Key>${properties}${navigations}</EntityType>`
}

function property(column: Column): string {
  const scale = column.type === 'decimal' ? ` Scale="${column.scale}"` : ''
  return `<Property Name="${column.name}" Type="${edmTypes[column.type]}" Nullable="false"${scale}/>`
}

function navigation(column: Column): string {
  const constraint = `<ReferentialConstraint Property="${column.name}" ReferencedProperty="Id"/>`
  return `<NavigationProperty Name="${column.navigation}" Type="${namespace}.${column.reference}">${constraint}</NavigationProperty>`
}

function entitySet(entity: Entity): string {
  const bindings = [...entity.navigations.values()]
    .map(({ navigation, reference }) => `<NavigationPropertyBinding Path="${navigation}" Target="${reference}"/>`)
    .join('')
  return `<EntitySet Name="${entity.name}" EntityType="${namespace}.${entity.name}">${bindings}</EntitySet>`
}
