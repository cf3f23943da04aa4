import { type Problem, problem } from '../domain/problem.ts'

/** What no QuickBooks keeps and no person sees; tabs and line breaks are judged by whoever allows no lines. */
const CONTROL = /[^\P{Cc}\t\n\r\u0080-\u009F]/gu

/** Whether a text is too long for QuickBooks, or has characters that nobody sees. */
export function textProblems(field: string, value: string | undefined, lengthMax: number): Problem[] {
  if (value === undefined) return []
  const controls = [...new Set(value.match(CONTROL) ?? [])].map(codeOf)
  return [
    ...(value.length > lengthMax
      ? [
          problem({
            field,
            value,
            problem: `the ${field} has ${value.length} characters, ${lengthMax} are allowed`,
            remedy: `Shorten it to ${lengthMax} characters in the CRM.`,
          }),
        ]
      : []),
    ...(controls.length > 0
      ? [
          problem({
            field,
            value,
            problem: `the ${field} has the control ${controls.length === 1 ? 'character' : 'characters'} ${controls.join(', ')}`,
            remedy: 'Type it anew in the CRM: something invisible was pasted into it.',
          }),
        ]
      : []),
  ]
}

function codeOf(character: string): string {
  return `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`
}

/** Whether a date is a day of the calendar, as `yyyy-mm-dd`. */
export function dateProblems(field: string, value: string | undefined): Problem[] {
  if (value === undefined || isDay(value)) return []
  const remedy = `Correct the ${field} in the CRM.`
  return [problem({ field, value, problem: `the ${field} "${value}" is no day of the calendar`, remedy })]
}

function isDay(value: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return false
  const moment = new Date(`${value}T00:00:00Z`)
  return !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(value)
}

/** An e-mail address that QuickBooks would refuse. */
export function emailProblems(field: string, value: string | undefined): Problem[] {
  if (!value || /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value)) return []
  const remedy = `Correct the ${field} in the CRM, or empty it.`
  return [problem({ field, value, problem: `"${value}" is no e-mail address`, remedy })]
}
