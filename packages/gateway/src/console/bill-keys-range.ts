import { type BillKey, type BillKeyState, type BillKeysRange, billKeyStates } from '../vault/bill-keys/model.ts'

/** As in the address; empty fields do not filter. */
export interface AskedBillKeys {
  readonly merchantId: string
  readonly state: BillKeyState | ''
  /** An order number of a registration, a key's id or a member's. */
  readonly text: string
}

/** Invalid values are ignored. */
export const readAskedKeys = ({
  merchantId = '',
  state,
  text = '',
}: Readonly<Record<string, string>>): AskedBillKeys => ({
  merchantId: /^[A-Za-z0-9]{1,30}$/.exec(merchantId)?.[0] ?? '',
  state: billKeyStates.find((known) => known === state) ?? '',
  text: text.trim().slice(0, 40),
})

type Cursor = Pick<BillKey, 'issuedAt' | 'billKeyId'>

export const rangeOfKeys = ({ merchantId, state, text }: AskedBillKeys, before?: Cursor): BillKeysRange => ({
  before,
  merchantId,
  state: state || undefined,
  text,
})

export const keyCursorText = ({ issuedAt, billKeyId }: Cursor): string => `${issuedAt.getTime()}-${billKeyId}`

/** Undefined, hence the first page, for anything else than a cursor. */
export function readKeyCursor(text: string | undefined): Cursor | undefined {
  const parts = /^([0-9]{1,15})-([0-9a-f]{32})$/.exec(text ?? '')
  return parts === null ? undefined : { issuedAt: new Date(Number(parts[1])), billKeyId: parts[2] ?? '' }
}
