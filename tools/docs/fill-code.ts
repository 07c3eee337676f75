import { readReference, regionOf } from './code-regions.ts'

const block = /^<!-- (from .*) -->\n(`{3,})([^\n]*)\n[\s\S]*?^\2$/gm

export interface Filled {
  readonly text: string
  /** References to missing code. */
  readonly faults: readonly string[]
}

/** Replaces every block under `<!-- from path: "…" -->` with the current code of that file. */
export function fillCode(markdown: string, readSource: (path: string) => string | undefined): Filled {
  const faults: string[] = []
  const text = markdown.replaceAll(block, (whole, comment: string, fence: string, words: string) => {
    const reference = readReference(comment)
    const source = reference === undefined ? undefined : readSource(reference.path)
    const code = reference === undefined || source === undefined ? undefined : regionOf(source, reference)
    if (code === undefined) {
      faults.push(comment)
      return whole
    }
    return `<!-- ${comment} -->\n${fence}${words}\n${code}\n${fence}`
  })
  return { text, faults }
}
