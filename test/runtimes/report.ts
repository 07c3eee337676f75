import { after } from 'node:test'

interface Row {
  readonly name: string
  readonly version: string
  readonly passed: number
  readonly checks: number
  readonly isPaidOnce: boolean
}

const rows: Row[] = []

export const addToReport = (row: Row): void => void rows.push(row)

/** Prints one line per runtime after the last. */
export function printReport(): void {
  after(() => {
    for (const { name, version, passed, checks, isPaidOnce } of rows)
      console.log(
        `${name.padEnd(44)} ${version.padEnd(12)} ${passed}/${checks} checks  ${isPaidOnce ? 'paid exactly once' : 'NOT paid exactly once'}`,
      )
  })
}
