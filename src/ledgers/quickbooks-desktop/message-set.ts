import { attributesOf } from './write-xml.ts'

/** The qbXML version that we speak when QuickBooks has not said what it understands, and never go beyond. */
export const versionDefault = 13

/** Below it there are no ids of lines to void or compare by, and no list of what a host supports. */
export const versionMin = 3

/** Writes a whole document: one set of requests, each a complete element. */
export function messageSet({
  requests,
  version,
  newMessageSetID,
  oldMessageSetID,
}: {
  requests: string[]
  version: number
  newMessageSetID?: string
  oldMessageSetID?: string
}): string {
  const attributes = attributesOf({ onError: 'continueOnError', newMessageSetID, oldMessageSetID })
  return (
    `<?xml version="1.0" encoding="utf-8"?><?qbxml version="${versionText(version)}"?>` +
    `<QBXML><QBXMLMsgsRq${attributes}>${requests.join('')}</QBXMLMsgsRq></QBXML>`
  )
}

export function versionText(version: number): string {
  return Number.isInteger(version) ? `${version}.0` : String(version)
}

/** The newest version of those that QuickBooks says it understands, no newer than our own. Null when it says none. */
export function versionOf(supported: string[]): number | null {
  const numbers = supported.map((text) => Number(text.replace(/^[A-Z]{2}/, ''))).filter((version) => version > 0)
  return numbers.length === 0 ? null : Math.min(versionDefault, Math.max(...numbers))
}
