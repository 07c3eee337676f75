import { gzipSync } from 'node:zlib'
import { minify } from '@swc/core'

/** Bytes: as it is, compressed, and compressed after the minifier that a shop's own build would run. */
export interface Weight {
  readonly name: string
  readonly file: string
  readonly raw: number
  readonly gzip: number
  /** Undefined for what is no script. */
  readonly minifiedGzip: number | undefined
}

const gzipBytes = (content: string): number => gzipSync(content, { level: 9 }).length

export async function weighScript(name: string, file: string, code: string): Promise<Weight> {
  const minified = await minify(code, { module: !file.endsWith('.cjs'), compress: true, mangle: true })
  return {
    name,
    file,
    raw: Buffer.byteLength(code),
    gzip: gzipBytes(code),
    minifiedGzip: Math.min(gzipBytes(minified.code), gzipBytes(code)),
  }
}

export const weighPage = (name: string, file: string, html: string): Weight => ({
  name,
  file,
  raw: Buffer.byteLength(html),
  gzip: gzipBytes(html),
  minifiedGzip: undefined,
})

/** A table of Markdown, so that the documentation can show it as it is printed. */
export function weightTable(weights: readonly Weight[]): string {
  const rows = weights.map(({ name, file, raw, gzip, minifiedGzip }) => [
    name,
    `\`${file}\``,
    bytesText(raw),
    bytesText(gzip),
    minifiedGzip === undefined ? '–' : bytesText(minifiedGzip),
  ])
  const head = ['What', 'File', 'Raw', 'gzip', 'Minified, gzip']
  return [head, ['---', '---', '---:', '---:', '---:'], ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')
}

const bytesText = (bytes: number): string => bytes.toLocaleString('en-US')
