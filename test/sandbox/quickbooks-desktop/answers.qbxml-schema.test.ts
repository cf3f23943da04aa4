import { afterAll, describe, expect, test } from '@jest/globals'
import { openQbxmlSchema } from '../../qbxml-schema.ts'
import { OpenFile, setOf } from './company-file.ts'
import { askForEverything } from './every-request.ts'

const schema = openQbxmlSchema()
afterAll(() => schema.close())

describe('the answers of the played QuickBooks Desktop', () => {
  test('every kind of answer, good and bad, is valid by Intuit’s schema, and so is each request of these tests', () => {
    const file = new OpenFile()
    const requests = askForEverything(file)
    expect(requests.length).toBeGreaterThan(90)
    expect(requests.flatMap((request) => schema.errorsOf(request))).toEqual([])
    const complaints = file.responses.flatMap((response) =>
      schema.errorsOf(response).map((error) => ({ error, response })),
    )
    expect(complaints).toEqual([])
  })

  test('so are the answers of message set recovery', () => {
    const file = new OpenFile()
    for (const ids of [{ newId: 'A' }, { oldId: 'A', newId: 'A' }, { oldId: 'A' }, { newId: 'x'.repeat(25) }]) {
      const body = ids.oldId === undefined ? '<TermsQueryRq/>' : ''
      file.askSet(body, ids)
      expect(schema.errorsOf(setOf(body, ids))).toEqual([])
    }
    expect(file.responses.flatMap((response) => schema.errorsOf(response))).toEqual([])
  })
})
