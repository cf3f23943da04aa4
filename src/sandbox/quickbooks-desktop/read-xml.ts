import { SaxesParser } from 'saxes'
import { CannotParse } from './status.ts'

export interface Element {
  name: string
  attributes: Record<string, string>
  children: Element[]
  text: string
}

const depthMax = 32

/**
 * Reads a qbXML document as QuickBooks does: well-formed, without DOCTYPE, ASCII with numeric entities.
 * Throws CannotParse. `version` is that of the qbxml processing instruction, undefined when there is none.
 */
export function readXml({ text, takesRawCharacters }: { text: string; takesRawCharacters: boolean }): {
  root: Element
  version: string | undefined
} {
  const raw = takesRawCharacters ? -1 : text.search(/[^\t\n\r -~]/)
  if (raw >= 0) throw new CannotParse(`a character that is not ASCII stands at position ${raw}`)
  const outside: Element = { name: '', attributes: {}, children: [], text: '' }
  const open = [outside]
  let version: string | undefined
  const parser = new SaxesParser()
  parser.on('error', (error) => {
    throw new CannotParse(error.message)
  })
  parser.on('doctype', () => {
    throw new CannotParse('a DOCTYPE is not taken')
  })
  parser.on('processinginstruction', ({ target, body }) => {
    if (target === 'qbxml') version = /version="([^"]*)"/.exec(body)?.[1]
  })
  parser.on('opentag', ({ name, attributes }) => {
    const element: Element = { name, attributes: attributes as Record<string, string>, children: [], text: '' }
    open.at(-1)?.children.push(element)
    if (open.push(element) > depthMax) throw new CannotParse('too deep')
  })
  const addText = (part: string) => {
    const element = open.at(-1)
    if (element && element !== outside) element.text += part
  }
  parser.on('text', addText)
  parser.on('cdata', addText)
  parser.on('closetag', () => {
    open.pop()
  })
  parser.write(text).close()
  const [root] = outside.children
  if (!root) throw new CannotParse('there is no root element')
  return { root, version }
}
