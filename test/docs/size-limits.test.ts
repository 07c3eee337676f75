import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { repository } from '../source/files.ts'

const read = (path: string): string => readFileSync(resolve(repository, path), 'utf8')

const numberIn = (text: string | undefined): number => Number(text?.replaceAll('_', ''))

/** The limits that the build and the browser test enforce, in bytes. */
function enforcedLimits(build: string, weightTest: string) {
  const scripts = [...build.matchAll(/output: '[^']*\/([\w-]+)\.js',\s+maxGzipBytes: ([\d_]+)/g)]
  const limitOf = (name: string) => numberIn(scripts.find(([, output]) => output === name)?.[2])
  return {
    dropIn: limitOf('smartropay'),
    window: limitOf('window'),
    firstPage: numberIn(/bytes \?\? 0\) <= ([\d_]+)/.exec(weightTest)?.[1]),
  }
}

/** The page must state each limit, and no other number of bytes as a limit. */
function faultsInLimits(text: string, limits: Readonly<Record<string, number>>): readonly string[] {
  const page = text.replace(/\s+/g, ' ')
  const written = Object.values(limits).map((limit) => `${limit.toLocaleString('en')} bytes`)
  const missing = written.filter((one) => !page.includes(one)).map((one) => `missing: ${one}`)
  const stated = [...page.matchAll(/at most ([\d,]+ bytes)/g)].map(([, one = '']) => one)
  return [...missing, ...stated.filter((one) => !written.includes(one)).map((one) => `not enforced: ${one}`)]
}

const limits = enforcedLimits(read('tools/build-scripts.ts'), read('test/e2e/weight.test.ts'))

test('the page of benchmarks states the size limits that are enforced', () => {
  assert.deepEqual(limits, { dropIn: 3072, window: 6144, firstPage: 14_000 })
  assert.deepEqual(faultsInLimits(read('docs/benchmarks.md'), limits), [])
})

test('the name of the browser test states its limit', () => {
  assert.ok(read('test/e2e/weight.test.ts').includes(`at most ${limits.firstPage.toLocaleString('en')} bytes`))
})

test('a limit that is missing and one that is not enforced are found', () => {
  const page = 'The drop-in is at most 3,072 bytes, the window script 6,144 bytes, the first page at most 14,000 bytes.'
  assert.deepEqual(faultsInLimits(page, limits), [])
  assert.deepEqual(faultsInLimits(page.replace('3,072', '2,560'), limits), [
    'missing: 3,072 bytes',
    'not enforced: 2,560 bytes',
  ])
  assert.deepEqual(faultsInLimits(page.replace('6,144 bytes', 'small'), limits), ['missing: 6,144 bytes'])
})
