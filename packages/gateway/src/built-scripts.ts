import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

/** The texts that the gateway serves to browsers. */
export interface BuiltScripts {
  readonly dropInScript: string
  readonly windowScript: string
  /** JSON of a {@link ScriptInventory} of the two. */
  readonly scriptInventory: string
}

/** The two browser scripts that the build emits, and their inventory. Rejects with a sentence that says how to build them when they are not there. */
export async function readBuiltScripts(): Promise<BuiltScripts> {
  const files = [
    new URL(import.meta.resolve('@sspay/browser/smartropay.js')),
    new URL('../dist/window.js', import.meta.url),
    new URL('../dist/scripts.json', import.meta.url),
  ]
  const [dropInScript = '', windowScript = '', scriptInventory = ''] = await Promise.all(files.map(read))
  return { dropInScript, windowScript, scriptInventory }
}

const read = (file: URL): Promise<string> =>
  readFile(file, 'utf8').catch((cause: unknown) => {
    throw new Error(`${fileURLToPath(file)} is missing: run npm run build:scripts`, { cause })
  })
