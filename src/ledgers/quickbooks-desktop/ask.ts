import type { Answer, Envelope } from '../ledger.ts'
import { meaningOf } from './faults.ts'
import { messageSet } from './message-set.ts'
import { readAnswer } from './read-xml.ts'
import type { RequestName } from './schema/requests.ts'
import { readTold, type Told } from './told.ts'
import type { Values } from './values.ts'
import { attributesOf, writeRequest } from './write-xml.ts'

/** A question that writes nothing; its values are named as in qbXML. */
export interface Question {
  name: Extract<RequestName, `${string}Query`>
  values: Values
}

export type Answered = { kind: 'told'; records: Told[] } | { kind: 'untold'; detail: string }

const requestID = 'question'
const ASKED = { writes: false, about: { documentNumber: null, customerName: null, date: null } }

/** Asks one question, and gives all that was told; a record that cannot be read leaves the whole answer untold. */
export async function askOne({
  question,
  version,
  send,
}: {
  question: Question
  version: number
  send: (envelope: Envelope) => Promise<Answer>
}): Promise<Answered> {
  const request = writeRequest({ ...question, version }).replace(/^<\w+/, (tag) => tag + attributesOf({ requestID }))
  const body = messageSet({ requests: [request], version })
  return toldBy(
    await send({ method: 'QBXML', path: 'message-set', contentType: 'application/qbxml', body, exchanges: [] }),
  )
}

function toldBy(answer: Answer): Answered {
  if (answer.kind !== 'answered') return { kind: 'untold', detail: answer.detail }
  if (answer.status !== 200) return { kind: 'untold', detail: answer.body }
  const read = readAnswer({ body: answer.body, read: readTold })
  if (read.kind === 'unreadable') return { kind: 'untold', detail: read.detail }
  const response = read.responses.find(({ requestId }) => requestId === requestID)
  if (!response) return { kind: 'untold', detail: 'the question was not answered' }
  const { statusCode: code, statusMessage: message, found } = response
  if (meaningOf({ code, message }, ASKED) !== 'fine') return { kind: 'untold', detail: `${code} ${message}` }
  const records = found.filter((record) => record !== null)
  return records.length === found.length
    ? { kind: 'told', records }
    : { kind: 'untold', detail: `${response.name} holds a record that cannot be read` }
}
