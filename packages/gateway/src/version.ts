import { readFileSync } from 'node:fs'

interface BuildVersion {
  readonly version: string
  readonly node: string
}

/** The version of this package, and that of Node.js. */
export function readVersion(): BuildVersion {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  return { version, node: process.version }
}
