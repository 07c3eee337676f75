import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repository } from '../source/files.ts'

export const unitFile = join(repository, 'docs/operating/sspay-gateway.service')

/** Lines `NAME=value`; one that begins with # is a comment. */
export const assignmentsIn = (text: string): readonly (readonly [name: string, value: string])[] =>
  [...text.matchAll(/^([A-Za-z]\w*)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value] as const)

/** The values of a directive of the unit, in their order. */
export function directivesOf(name: string): readonly string[] {
  const values = assignmentsIn(readFileSync(unitFile, 'utf8')).filter(([found]) => found === name)
  return values.map(([, value]) => value)
}
