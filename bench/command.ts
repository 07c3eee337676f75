import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'

/** The options of a script. Prints `help` and ends the process when it is asked for. */
export function readOptions<const Options extends ParseArgsOptionsConfig>(help: string, options: Options) {
  const all = { ...options, json: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h' } } as const
  const { values } = parseArgs({ options: all })
  if ((values as { readonly help?: boolean }).help === true) {
    process.stdout.write(help)
    process.exit()
  }
  return values
}

/** A table of Markdown, so that the documentation can show it as it is printed. */
export function markdownTable(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const marks = head.map((_, column) => (column === 0 ? '---' : '---:'))
  return [head, marks, ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')
}

/** One line about a connection that broke, where the error itself would bring the whole driver along. */
export const tellError = (cause: unknown): void => console.error(String(cause))
