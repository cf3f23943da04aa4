/** An employee as far as counting needs it: no name, no pay. */
export interface EmployeeSpell {
  id: string
  /** Whether QuickBooks has the employee as active now. */
  active: boolean
  /** `yyyy-mm-dd`; null where QuickBooks does not know it. */
  hiredOn: string | null
  /** The last day; null where there is none, or QuickBooks does not know it. */
  releasedOn: string | null
}

/**
 * Who was employed on a day, the last one included. Whoever has no day of hire was always there while active; whoever is
 * inactive and has no last day cannot be said to have been there on any day, and is not counted. Pure.
 */
export function headcountOn(employees: readonly EmployeeSpell[], day: string): number {
  return employees.filter(({ active, hiredOn, releasedOn }) => {
    if (hiredOn !== null && hiredOn > day) return false
    return releasedOn === null ? active : releasedOn >= day
  }).length
}
