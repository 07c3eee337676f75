import { relative, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')

/**
 * What a green run could hide, as one JSON line each: a skipped test, and a test file without a test. Plain JavaScript, since Node 20 loads it
 * before any hook that strips types.
 */
export default async function* ledgerReporter(source) {
  let tests = 0
  for await (const { type, data } of source) {
    if (type !== 'test:pass' && type !== 'test:fail') continue
    const { name, skip, nesting, details } = data
    if (skip !== undefined && skip !== false)
      yield `${JSON.stringify({ file: relative(root, data.file ?? ''), name, reason: skip })}\n`
    if (details.type !== 'suite') tests += 1
    if (nesting > 0) continue
    if (details.type === 'suite' && tests === 0 && name.endsWith('.test.ts'))
      yield `${JSON.stringify({ file: name, name, reason: 'the file has no test' })}\n`
    tests = 0
  }
}
