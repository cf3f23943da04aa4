/** A SOAP method of the Web Connector: what it is given, in order, and what it answers. */
interface Method {
  parameters: Record<string, 'string' | 'int'>
  result: 'string' | 'int' | 'texts'
}

const TICKET = { ticket: 'string' } as const
const FAILURE = { ...TICKET, hresult: 'string', message: 'string' } as const

/** Every call that the Web Connector makes. The names are Intuit's, and part of the wire. */
export const METHODS = {
  serverVersion: { parameters: { strVersion: 'string' }, result: 'string' },
  clientVersion: { parameters: { strVersion: 'string' }, result: 'string' },
  authenticate: { parameters: { strUserName: 'string', strPassword: 'string' }, result: 'texts' },
  sendRequestXML: {
    parameters: {
      ...TICKET,
      strHCPResponse: 'string',
      strCompanyFileName: 'string',
      qbXMLCountry: 'string',
      qbXMLMajorVers: 'int',
      qbXMLMinorVers: 'int',
    },
    result: 'string',
  },
  receiveResponseXML: {
    parameters: { ...TICKET, response: 'string', hresult: 'string', message: 'string' },
    result: 'int',
  },
  connectionError: { parameters: FAILURE, result: 'string' },
  getLastError: { parameters: TICKET, result: 'string' },
  closeConnection: { parameters: TICKET, result: 'string' },
  getInteractiveURL: { parameters: { wcTicket: 'string', sessionID: 'string' }, result: 'string' },
  interactiveRejected: { parameters: { wcTicket: 'string', reason: 'string' }, result: 'string' },
  interactiveDone: { parameters: { wcTicket: 'string' }, result: 'string' },
} as const satisfies Record<string, Method>

export type MethodName = keyof typeof METHODS

export const SERVICE = 'CountersignWebConnector'
export const PORT = 'CountersignWebConnectorSoap'
export const NAMESPACE = 'http://developer.intuit.com/'

const TYPES = { string: 's:string', int: 's:int', texts: 'tns:Texts' } as const

/**
 * The description of the service: SOAP 1.1, document/literal, at the given address. The prefix must be tns: any other one
 * makes `soap` prefix the elements of its answers, a form that the Web Connector is not known to read.
 */
export function wsdlAt(address: string): string {
  const methods = Object.entries<Method>(METHODS)
  return `<?xml version="1.0" encoding="utf-8"?>
<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"
  xmlns:s="http://www.w3.org/2001/XMLSchema" xmlns:tns="${NAMESPACE}" targetNamespace="${NAMESPACE}">
  <types>
    <s:schema elementFormDefault="qualified" targetNamespace="${NAMESPACE}">
      <s:complexType name="Texts"><s:sequence>
        <s:element name="string" type="s:string" minOccurs="0" maxOccurs="unbounded" nillable="true"/>
      </s:sequence></s:complexType>
${methods.map(elementsOf).join('\n')}
    </s:schema>
  </types>
${methods.map(messagesOf).join('\n')}
  <portType name="${PORT}">
${methods.map(([name]) => `    <operation name="${name}"><input message="tns:${name}In"/><output message="tns:${name}Out"/></operation>`).join('\n')}
  </portType>
  <binding name="${PORT}" type="tns:${PORT}">
    <soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
${methods.map(operationOf).join('\n')}
  </binding>
  <service name="${SERVICE}">
    <port name="${PORT}" binding="tns:${PORT}"><soap:address location="${escapeXml(address)}"/></port>
  </service>
</definitions>
`
}

function elementsOf([name, { parameters, result }]: [string, Method]): string {
  const given = Object.entries(parameters).map(([parameter, type]) => elementOf(parameter, TYPES[type]))
  return `      <s:element name="${name}"><s:complexType><s:sequence>${given.join('')}</s:sequence></s:complexType></s:element>
      <s:element name="${name}Response"><s:complexType><s:sequence>${elementOf(`${name}Result`, TYPES[result])}</s:sequence></s:complexType></s:element>`
}

function elementOf(name: string, type: string): string {
  const least = type === TYPES.int ? 1 : 0
  return `<s:element name="${name}" type="${type}" minOccurs="${least}" maxOccurs="1"/>`
}

function messagesOf([name]: [string, Method]): string {
  return `  <message name="${name}In"><part name="parameters" element="tns:${name}"/></message>
  <message name="${name}Out"><part name="parameters" element="tns:${name}Response"/></message>`
}

function operationOf([name]: [string, Method]): string {
  return `    <operation name="${name}"><soap:operation soapAction="${NAMESPACE}${name}" style="document"/><input><soap:body use="literal"/></input><output><soap:body use="literal"/></output></operation>`
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' }

/** A text that may stand in an element or an attribute. Control characters, which XML cannot carry, are left out. */
export function escapeXml(text: string): string {
  return [...text]
    .filter((sign) => sign >= ' ' || '\t\n\r'.includes(sign))
    .map((sign) => ESCAPES[sign] ?? sign)
    .join('')
}
