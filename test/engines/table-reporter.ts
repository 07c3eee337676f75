import type { TestEvent } from 'node:test/reporters'

type Row = Map<string, string>

/** The result of each journey in each browser: a subtest of the test that is named after the browser. */
export default async function* tableReporter(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const browsers = new Set<string>()
  const rows = new Map<string, Row>()
  let ended: (readonly [journey: string, result: string])[] = []
  for await (const { type, data } of source) {
    if (type !== 'test:pass' && type !== 'test:fail') continue
    if (data.nesting > 0) ended.push([data.name, type === 'test:pass' ? 'passed' : '**failed**'])
    else {
      for (const [journey, result] of ended) {
        browsers.add(data.name)
        rows.set(journey, (rows.get(journey) ?? new Map()).set(data.name, result))
      }
      ended = []
    }
  }
  const columns = [...browsers]
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`
  yield `\n${line(['', ...columns])}${line(['---', ...columns.map(() => '---')])}`
  for (const [journey, row] of rows) yield line([journey, ...columns.map((browser) => row.get(browser) ?? '–')])
}
