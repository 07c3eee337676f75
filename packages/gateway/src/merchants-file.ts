import { readFile } from 'node:fs/promises'
import type { Merchant } from './merchants/model.ts'
import { Secret } from './secret.ts'

/** Used where a merchant of the file says nothing else. */
const defaults = {
  identityMatch: 'none',
  minimumAmount: 100,
  requestMaxAgeMs: 24 * 60 * 60_000,
  requestMaxAheadMs: 10 * 60_000,
  acceptsLegacySignature: false,
  repeatedApproval: 'replay',
} as const

/**
 * Reads a JSON array of merchants: the fields of {@link Merchant} under their own names, the two secrets as text. Throws without
 * repeating what the file holds; what a merchant must be is checked when it is saved.
 */
export async function readMerchants(file: string): Promise<readonly Merchant[]> {
  const entries = parse(file, await readFile(file, 'utf8'))
  return entries.map(({ merchantKey, cancelPassword, ...merchant }) => ({
    ...defaults,
    ...(merchant as Pick<Merchant, 'merchantId' | 'easyPayMerchantId' | 'name' | 'acquirerMerchantNumber'>),
    merchantKey: new Secret(String(merchantKey ?? '')),
    cancelPassword: new Secret(String(cancelPassword ?? '')),
  }))
}

function parse(file: string, text: string): readonly Readonly<Record<string, unknown>>[] {
  try {
    const entries: unknown = JSON.parse(text)
    if (Array.isArray(entries) && entries.every((entry) => typeof entry === 'object' && entry !== null)) return entries
  } catch {
    // The parser's own message would quote the file, and with it a key.
  }
  throw new Error(`${file} is no JSON array of merchants`)
}
