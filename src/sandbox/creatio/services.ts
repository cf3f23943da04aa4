import type { Answer } from './answer.ts'
import { lookups } from './lookups.ts'
import type { Site } from './site.ts'

const headers = { 'Content-Type': 'application/json; charset=utf-8' }
const processes = new Set(['BGQuickBooksCustomerOrderIntegration', 'BGQuickBooksCommissionIntegration'])

/** The platform's services under ServiceModel. RunProcess knows two processes and answers a failure with 200. */
export function serveServiceModel({ name, body, site }: { name: string; body: string; site: Site }): Answer {
  if (name !== 'ProcessEngineService.svc/RunProcess') return { status: 404, headers, body: '' }
  const { schemaName, resultParameterNames = [] } = JSON.parse(body) as RunProcess
  if (!processes.has(schemaName)) {
    const errorInfo = {
      errorCode: 'ItemNotFoundException',
      message: `Process "${schemaName}" not found`,
      stackTrace: '',
    }
    return { status: 200, headers, body: { success: false, processId: '', processStatus: 3, errorInfo } }
  }
  const resultParameterValues = Object.fromEntries(resultParameterNames.map((parameter) => [parameter, '']))
  const processId = site.sandbox.random.uuid()
  return {
    status: 200,
    headers,
    body: { success: true, processId, processStatus: 2, resultParameterValues, errorInfo: null },
  }
}

/** Custom services. One is there: BGQuickBooksService/GetPendingCount, whose answer is wrapped in its method's name. */
export function serveRest({ name, site }: { name: string; site: Site }): Answer {
  if (name !== 'BGQuickBooksService/GetPendingCount') {
    return {
      status: 404,
      headers: { 'Content-Type': 'text/html' },
      body: '<html><body>Endpoint not found.</body></html>',
    }
  }
  const pending = lookups.BGQuickBooksIntegrationStatus.Pending
  let count = 0
  for (const row of site.records.table('BGQuickBooksIntegrationLogDetail').all()) {
    if (row.BGStatusId === pending) count += 1
  }
  return { status: 200, headers, body: { GetPendingCountResult: count } }
}

interface RunProcess {
  schemaName: string
  parameterValues?: { name: string; value: unknown }[]
  resultParameterNames?: string[]
}
