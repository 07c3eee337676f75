/** What happens when a member registers a card for bill keys, as the merchant's contract says. */
export interface BillKeyPolicy {
  /**
   * The member has a key for this card already. `return`: the same key again. `replace`: that key ends, and a new one
   * is issued. `add`: it stays beside the new one.
   */
  readonly sameCard: 'reject' | 'return' | 'replace' | 'add'
  /** The member has keys for other cards. `replace`: they end. `add`: they stay beside the new one. */
  readonly otherCard: 'reject' | 'replace' | 'add'
  /** `one`: each new key ends all others of the member. */
  readonly perMember: 'one' | 'many'
  /** Of a new member in the window. `off`: whom the shop claims. `phone`: verified where payments verify it. */
  readonly identity: 'off' | 'phone'
}

const allowed: { readonly [Name in keyof BillKeyPolicy]: readonly BillKeyPolicy[Name][] } = {
  sameCard: ['reject', 'return', 'replace', 'add'],
  otherCard: ['reject', 'replace', 'add'],
  perMember: ['one', 'many'],
  identity: ['off', 'phone'],
}

/** The names of the policy's fields that are missing, unknown or have another value; names, never values. */
export function findBillKeyPolicyProblems(written: unknown): readonly string[] {
  if (typeof written !== 'object' || written === null || Array.isArray(written)) return ['billKeys']
  const given: Readonly<Record<string, unknown>> = { ...written }
  const wrong = Object.entries(allowed).filter(([name, values]) => !values.some((value) => value === given[name]))
  const strange = Object.keys(given).filter((name) => !Object.hasOwn(allowed, name))
  return [...wrong.map(([name]) => `billKeys.${name}`), ...strange.map((name) => `billKeys.${name} (no such field)`)]
}

/**
 * Whether the rules fit together. A merchant that rejects the same card again cannot add others, and one key for each
 * member leaves no room to add.
 */
export const isBillKeyPolicyAllowed = ({ sameCard, otherCard, perMember }: BillKeyPolicy): boolean =>
  otherCard !== 'add' || (sameCard !== 'reject' && perMember !== 'one')

/** The JSON of a policy; null without one. */
export const writeBillKeyPolicy = (policy: BillKeyPolicy | undefined): string | null =>
  policy === undefined ? null : JSON.stringify(policy)

/** Reads what {@link writeBillKeyPolicy} wrote. */
export const readBillKeyPolicy = (written: string | null): BillKeyPolicy | undefined =>
  written === null ? undefined : JSON.parse(written)
