import { readFileSync } from 'node:fs'

/** A test that did not run, as its reporter wrote it. */
export interface Skip {
  readonly file: string
  readonly name: string
  readonly reason: string | true
}

interface AllowedSkip {
  readonly file: string
  readonly name: RegExp
  readonly why: string
}

/** The only tests that CI may skip. */
const allowed: readonly AllowedSkip[] = [
  {
    file: 'packages/protocol/test/charset.test.ts',
    name: /whose own EUC-KR decoder is complete/,
    why: 'Node decodes only KS X 1001; the test compares the tables on a runtime that decodes all',
  },
]

export const readSkips = (file: string): readonly Skip[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))

export const forbiddenSkips = (skips: readonly Skip[]): readonly Skip[] =>
  skips.filter(({ file, name }) => !allowed.some((one) => one.file === file && one.name.test(name)))
