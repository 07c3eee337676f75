import type { FieldTable } from '../field-table.ts'
import { openBody } from '../sealed-body.ts'
import type { NamedKey } from './keys.ts'
import type { Mistake } from './mistake.ts'

/** What is known of the request that the body belongs to. */
export interface SealedBody {
  readonly sealedBody: string
  readonly merchantKey: string
  readonly otherKeys: readonly NamedKey[]
  /** What should be inside. */
  readonly table: FieldTable | undefined
  /** The Mid in clear beside it. */
  readonly merchantId: string | undefined
}

/** The mistakes, as few as possible, that lead to this body: none when it is right, undefined when no known ones do. */
export function findSealingMistakes({ sealedBody, merchantKey }: SealedBody): readonly Mistake[] | undefined {
  return openBody(sealedBody, merchantKey) === undefined ? undefined : []
}
