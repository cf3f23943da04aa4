import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { pathToFileURL } from 'node:url'
import { XmlDocument, XmlLibError, XsdValidator, xmlRegisterInputProvider } from 'libxml2-wasm'
import { fsInputProviders } from 'libxml2-wasm/lib/nodejs.mjs'

/** Holds documents against Intuit's own schema of qbXML 13.0, which lies where COUNTERSIGN_QBXML_SCHEMA says. */
export interface QbxmlSchema {
  /** What the schema finds wrong; empty when the document is valid. */
  errorsOf(xml: string): string[]
  close(): void
}

/** Throws when the setting is missing: suites that need the schema are named `*.qbxml-schema.test.ts`, and left out without it. */
export function openQbxmlSchema(): QbxmlSchema {
  const path = process.env.COUNTERSIGN_QBXML_SCHEMA
  if (!path) throw new Error('COUNTERSIGN_QBXML_SCHEMA names no schema')
  xmlRegisterInputProvider(fsInputProviders)
  const schema = XmlDocument.fromBuffer(readFileSync(path), { url: pathToFileURL(`${dirname(path)}/schema.xsd`).href })
  const validator = XsdValidator.fromDoc(schema)
  schema.dispose()
  return {
    errorsOf(xml) {
      try {
        const document = XmlDocument.fromString(xml)
        try {
          validator.validate(document)
          return []
        } finally {
          document.dispose()
        }
      } catch (error) {
        if (error instanceof XmlLibError) return error.details.map(({ message }) => message.trim())
        throw error
      }
    },
    close: () => validator.dispose(),
  }
}
