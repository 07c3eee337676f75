import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { LocalizedText } from '@sspay/protocol'

/** The scripts that the gateway serves to browsers. */
export interface BuiltScripts {
  /** The text of `SmartroPAY-1.0.min.js`. */
  readonly dropInScript: string
  /** The text of the payment window's script. */
  readonly windowScript: string
  /** JSON of a `ScriptInventory` of both. */
  readonly scriptInventory: string
}

/** A script on payment pages, as PCI DSS 6.4.3 requires it to be inventoried. */
export interface InventoriedScript {
  readonly name: string
  /** `file`: served at `path` of the gateway. `inline`: inside the pages. */
  readonly delivery: 'file' | 'inline'
  readonly path?: string
  /** 64 hexadecimal characters, over the UTF-8 bytes. */
  readonly sha256: string
  readonly bytes: number
  /** Business justification. */
  readonly purpose: LocalizedText
  readonly runsOn: LocalizedText
}

/** `/asset/scripts.json`, written by the build from the bytes it emits. */
export interface ScriptInventory {
  readonly version: 1
  readonly scripts: readonly InventoriedScript[]
}

export const scriptInventoryPath = '/asset/scripts.json'

/** Reads the built scripts and their inventory. Rejects, with the command that builds them, if one is missing. */
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
  readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    // Without its cause, whose usual cure would be another folder.
    if (cause.code === 'ENOENT') throw new Error(`${fileURLToPath(file)} is missing: run npm run build:scripts`)
    throw cause
  })
