// Every fault the service can answer with, one constructor each, in the words and the shape that were recorded.
// `element` is absent, empty or the field's name, as the real service has it for that code.
// The HTTP envelopes around a fault are made in answer.ts.

interface FaultError {
  Message: string
  Detail: string
  code: string
  element?: string
}

/** Thrown by any rule of the company; `errors` go into the envelope, `status` into the HTTP answer. */
export class QuickBooksFault extends Error {
  readonly errors: FaultError[]
  readonly status: number
  readonly type: string
  constructor({
    errors,
    status = 400,
    type = 'ValidationFault',
  }: { errors: FaultError[]; status?: number; type?: string }) {
    super(errors.map((error) => `${error.code} ${error.Detail}`).join('; '))
    this.errors = errors
    this.status = status
    this.type = type
  }
}

const fault = (error: FaultError, rest: { status?: number; type?: string } = {}): QuickBooksFault =>
  new QuickBooksFault({ errors: [error], ...rest })

const inactiveDetail =
  "Something you're trying to use has been made inactive. Check the fields with accounts, customers, items, vendors or employees."

export const adminLostAccess = () =>
  fault(
    {
      Message: 'Authorization Failure',
      Detail: 'AuthorizationFailure: -11014-You do not have access to use this company.',
      code: '120',
    },
    { status: 401, type: 'AuthorizationFault' },
  )

export const unsupportedOperation = (operation: string) =>
  fault({
    Message: 'Unsupported Operation',
    Detail: `Operation ${operation} is not supported.`,
    code: '500',
    element: '',
  })

export const duplicateRequestId = (requestId: string) =>
  fault({
    Message: 'Duplicate Request',
    Detail: `Duplicate Request : The request id ${requestId} has already been used.`,
    code: '600',
    element: '',
  })

export const objectNotFound = () =>
  fault({ Message: 'Object Not Found', Detail: `Object Not Found : ${inactiveDetail}`, code: '610', element: '' })

export const cannotBeLinked = (why: string) =>
  fault({
    Message: 'Transaction cannot be linked',
    Detail: `Transaction cannot be linked : ${why}`,
    code: '620',
    element: '',
  })

export const unknownProperty = (name: string) =>
  fault({
    Message: 'Request has invalid or unsupported property',
    Detail: `Property Name:${name} specified is unsupported or invalid`,
    code: '2010',
    element: name,
  })

export const malformedBody = () =>
  fault({
    Message: 'Request has invalid or unsupported property',
    Detail: 'Property Name:failed to parse json object; a property specified is unsupported or invalid',
    code: '2010',
    element: '',
  })

export const requiredMissing = (names: string[]) =>
  new QuickBooksFault({
    errors: names.map((name) => ({
      Message: 'Required param missing, need to supply the required value for the API',
      Detail: `Required parameter ${name} is missing in the request`,
      code: '2020',
      element: name,
    })),
  })

export const invalidId = ({ name, value }: { name: string; value: string }) =>
  fault({
    Message: 'Invalid ID',
    Detail: `${name} should be a valid number. Supplied value:${value}`,
    code: '2030',
    element: name,
  })

export const badLength = ({ name, min, max, length }: { name: string; min: number; max: number; length: number }) =>
  fault({
    Message: 'String length is either shorter or longer than supported by specification',
    Detail: `String length specified does not match the supported length. Min:${min} Max:${max} supported. Supplied length:${length}`,
    code: '2050',
    element: name,
  })

export const invalidEnumeration = ({ name, value }: { name: string; value: string }) =>
  fault({ Message: 'Invalid Enumeration', Detail: `Invalid Enumeration : ${value}`, code: '2170', element: name })

export const invalidString = ({ name, value }: { name: string; value: string }) =>
  fault({
    Message: 'Invalid String',
    Detail: `String value is out of the supported range. Supplied value:${value}`,
    code: '2180',
    element: name,
  })

export const invalidReference = ({ list, id }: { list: string; id: string }) =>
  fault({
    Message: 'Invalid Reference Id',
    Detail: `Invalid Reference Id : ${list} element id ${id} not found`,
    code: '2500',
    element: '',
  })

export const queryNotParsed = (detail: string) =>
  fault({ Message: 'Error parsing query', Detail: `QueryParserError: ${detail}`, code: '4000' })

export const queryNotValid = (detail: string) =>
  fault({ Message: 'Invalid query', Detail: `QueryValidationError: ${detail}`, code: '4001' })

export const staleObject = () =>
  fault({
    Message: 'Stale Object Error',
    Detail:
      'Stale Object Error : You and another user were working on this at the same time. ' +
      'The other user finished before you did, so your work was not saved.',
    code: '5010',
    element: '',
  })

export const businessRule = (detail: string) =>
  fault({
    Message: 'A business validation error has occurred while processing your request',
    Detail: `Business Validation Error: ${detail}`,
    code: '6000',
    element: '',
  })

export const savedOrNot = () =>
  businessRule(
    'An unexpected error occurred while accessing or saving your data. Please wait a few minutes and try again. ' +
      'If the problem persists, contact customer support.',
  )

export const amountNotProduct = (supplied: string) =>
  fault({
    Message: 'Amount calculation incorrect in the request',
    Detail: `Amount calculation incorrect in the request : Amount is not equal to UnitPrice * Qty. Supplied value:${supplied}`,
    code: '6070',
    element: '',
  })

export const invalidTaxCode = (supplied: string) =>
  fault({
    Message: 'Invalid tax code',
    Detail: `Invalid tax code : A line's TaxCode of a US company must be TAX or NON. Supplied value:${supplied}`,
    code: '6100',
    element: 'TaxCodeRef',
  })

export const duplicateDocNumber = ({ docNumber, type, id }: { docNumber: string; type: string; id: string }) =>
  fault({
    Message: 'Duplicate Document Number Error',
    Detail:
      'Duplicate Document Number Error : You must specify a different number. This number has already been used. ' +
      `DocNumber=${docNumber} is assigned to TxnType=${type} with TxnId=${id}`,
    code: '6140',
    element: '',
  })

export const subscriptionLapsed = () =>
  fault({
    Message: 'Invalid Company Status',
    Detail:
      'Subscription period has ended or canceled or there was a billing problem : ' +
      "You can't add data to QuickBooks Online because your trial or subscription period ended.",
    code: '6190',
    element: '',
  })

export const periodClosed = ({ withPassword }: { withPassword: boolean }) =>
  fault({
    Message: withPassword
      ? 'Account Period Closed, Cannot Update Through Services API, Password Required'
      : 'Account Period Closed, Cannot Update Through Services API',
    Detail: 'The account period has closed and the account books cannot be updated through this API.',
    code: withPassword ? '6210' : '6200',
    element: '',
  })

export const duplicateName = () =>
  fault({ Message: 'Duplicate Name Exists Error', Detail: 'The name supplied already exists. : null', code: '6240' })

export const deposited = () =>
  fault({
    Message: 'Deposited Transaction cannot be changed',
    Detail:
      'Deposited Transaction cannot be changed : This transaction has been deposited. ' +
      'If you want to change or delete it, you must first edit the deposit it appears on and remove it.',
    code: '6540',
    element: '',
  })
