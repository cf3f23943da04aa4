import { CreatioError } from './creatio-error.ts'
import { readXml, XmlError } from './metadata-xml.ts'
import type { Site } from './site.ts'

/** One entity set as the site describes it. */
export interface EntityShape {
  /** The columns that it has, lookups with their `Id`. */
  columns: Set<string>
  /** The navigations that it has, each with the name of the entity type that it leads to. */
  navigations: Map<string, string>
}

/** What a site says of its own tables. */
export interface SiteMetadata {
  sets: Map<string, EntityShape>
  /** The same shapes by the name of their type, without namespace: where navigations lead. */
  types: Map<string, EntityShape>
}

/** Asks the site for its `$metadata`. Throws CreatioError. */
export async function readMetadata(site: Site): Promise<SiteMetadata> {
  const { text, status } = await site({ method: 'GET', path: '$metadata', headers: { Accept: 'application/xml' } })
  try {
    return metadataOf(text)
  } catch (error) {
    if (!(error instanceof XmlError)) throw error
    throw new CreatioError({ kind: 'not-understood', detail: `$metadata: ${error.message}`, status })
  }
}

interface TypeShape extends EntityShape {
  base: string | null
}

/** Reads a service description (CSDL 4.0 as XML). Throws XmlError when it is none. */
export function metadataOf(xml: string): SiteMetadata {
  const types = new Map<string, TypeShape>()
  const sets = new Map<string, string>()
  let type: TypeShape | null = null
  readXml(xml, {
    open({ name, attributes }) {
      const named = attributes.Name ?? ''
      if (name === 'EntityType') {
        type = { columns: new Set(), navigations: new Map(), base: lastWord(attributes.BaseType) || null }
        types.set(named, type)
      } else if (name === 'Property') type?.columns.add(named)
      else if (name === 'NavigationProperty') type?.navigations.set(named, lastWord(attributes.Type))
      else if (name === 'EntitySet') sets.set(named, lastWord(attributes.EntityType))
    },
    close(name) {
      if (name === 'EntityType') type = null
    },
  })
  if (sets.size === 0) throw new XmlError('no entity set is described')
  const shapes = new Map([...types].map(([name, own]) => [name, withBases(own, types)]))
  const none: EntityShape = { columns: new Set(), navigations: new Map() }
  return { types: shapes, sets: new Map([...sets].map(([set, name]) => [set, shapes.get(name) ?? none])) }
}

/** An entity has what its base types have; a chain of them that runs in a circle ends. */
function withBases(own: TypeShape, types: Map<string, TypeShape>): EntityShape {
  const chain = new Set([own])
  for (let base = own.base; base !== null; ) {
    const next = types.get(base)
    if (!next || chain.has(next)) break
    chain.add(next)
    base = next.base
  }
  return {
    columns: new Set([...chain].flatMap(({ columns }) => [...columns])),
    navigations: new Map([...chain].flatMap(({ navigations }) => [...navigations])),
  }
}

/** `Collection(Namespace.Order)` and `Namespace.Order` name the type `Order`. */
function lastWord(qualified: string | undefined): string {
  return /(\w+)\)?$/.exec(qualified ?? '')?.[1] ?? ''
}
