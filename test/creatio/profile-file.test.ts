import { describe, expect, test } from '@jest/globals'
import { parseProfile } from '../../src/creatio/profile.ts'
import { profileOf, readProfileFile } from '../../src/creatio/profile-file.ts'

const read = (text: string) => profileOf({ file: 'profile.json', text })

describe('the file of a profile', () => {
  test('that is not there, or is not JSON, is said so', async () => {
    await expect(readProfileFile('no/such/profile.json')).rejects.toThrow(
      'CREATIO_PROFILE: the file no/such/profile.json cannot be read (ENOENT).',
    )
    expect(() => read('{ "order": ')).toThrow(/^CREATIO_PROFILE: profile\.json is not JSON: /)
  })

  test('that names unknown settings says which were meant, all at once', () => {
    expect(() =>
      read('{ "ordr": {}, "order": { "shipdate": "X" }, "orderLog": { "statuses": { "PENDNG": "y" } } }'),
    ).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(
          /statuses\.PENDNG"\. Did you mean "PENDING"\?[\s\S]*"order\.shipdate"\. Did you mean "shipDate"\?[\s\S]*"ordr"\. Did you mean "order"\?/,
        ),
      }),
    )
  })

  test('that has a malformed value says where', () => {
    expect(() => read('{ "order": { "number": "not a name!" } }')).toThrow(
      'CREATIO_PROFILE: profile.json has at "order.number": must be the name of a table or column.',
    )
    expect(() => read('[]')).toThrow(/^CREATIO_PROFILE: profile\.json has at "its top"/)
  })

  test('that is good is read, and no file at all is the standard profile', async () => {
    expect(read('{ "order": { "shipDate": null } }').order.shipDate).toBeNull()
    expect(await readProfileFile(null)).toEqual(parseProfile({}))
  })
})
