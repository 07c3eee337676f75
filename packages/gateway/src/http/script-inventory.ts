import type { LocalizedText } from '@sspay/protocol'

/** One script that runs in the buyer's browser, as PCI DSS 6.4.3 wants it written down. */
export interface InventoriedScript {
  readonly name: string
  /** `file`: at `path` of the gateway. `inline`: inside the pages. */
  readonly delivery: 'file' | 'inline'
  /** Of a file: below the gateway's origin. */
  readonly path?: string
  /** 64 hexadecimal characters, over the UTF-8 bytes. */
  readonly sha256: string
  readonly bytes: number
  /** Why it is needed. */
  readonly purpose: LocalizedText
  /** On which pages it runs. */
  readonly runsOn: LocalizedText
}

/** `/asset/scripts.json`, written by the build from the very bytes it emits. */
export interface ScriptInventory {
  readonly version: 1
  readonly scripts: readonly InventoriedScript[]
}

/** Where a gateway lists every script that its pages run. */
export const scriptInventoryPath = '/asset/scripts.json'
