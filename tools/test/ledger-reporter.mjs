import { relative, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')

/**
 * What a green run could hide, as one JSON line each: skipped tests, test files without a test, and the files that have
 * ended. Plain JavaScript, since Node 20 loads it before any hook that strips types.
 */
export default async function* ledgerReporter(source) {
  let tests = 0
  for await (const { type, data } of source) {
    if (type !== 'test:pass' && type !== 'test:fail') continue
    const isSuite = data.details.type === 'suite'
    if (data.skip) yield line({ file: fileOf(data), name: data.name, reason: data.skip })
    if (!isSuite) tests += 1
    if (data.nesting > 0) continue
    // A suite with the name of a file is that file, in a process that it shares.
    const file = isSuite && data.name.endsWith('.test.ts') ? data.name : fileOf(data)
    yield line({ ended: file })
    if (tests === 0) yield line({ file, name: data.name, reason: 'the file has no test' })
    tests = 0
  }
}

const fileOf = ({ file = '' }) => relative(root, file)

const line = (content) => `${JSON.stringify(content)}\n`
