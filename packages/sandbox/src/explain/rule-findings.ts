import {
  type FieldTable,
  findCardCompany,
  type ReadResult,
  readMessage,
  resultCodes,
  type WireText,
} from '@sspay/protocol'
import {
  type AcceptedRequest,
  generalInPlaceRequest,
  generalLayerRequest,
  layerRequest,
} from '@sspay/protocol/internal'
import { type Finding, wrong } from './finding.ts'

/** The default limits of a merchant, and the minimum of every issuer. */
const oldestMs = 24 * 60 * 60_000
const furthestAheadMs = 10 * 60_000
const installmentMinimumAmount = 50_000

type Rule = readonly [reason: keyof typeof resultCodes, isBroken: (request: AcceptedRequest, now: Date) => boolean]

const rules: readonly Rule[] = [
  ['request_too_old', ({ requestedAt }, now) => now.getTime() - requestedAt.getTime() > oldestMs],
  ['request_in_future', ({ requestedAt }, now) => requestedAt.getTime() - now.getTime() > furthestAheadMs],
  ['tax_split_wrong', isTaxSplitWrong],
  [
    'issuer_not_selectable',
    ({ issuerCode }) => issuerCode !== undefined && findCardCompany(issuerCode)?.isSelectable !== true,
  ],
  [
    'installment_below_minimum',
    ({ installmentMonths = 0, amount }) => installmentMonths > 0 && amount < installmentMinimumAmount,
  ],
]

function isTaxSplitWrong({ amount, taxableAmount, vatAmount, taxFreeAmount }: AcceptedRequest): boolean {
  const sum = (taxableAmount ?? 0) + (vatAmount ?? 0) + (taxFreeAmount ?? 0)
  return sum !== 0 && sum !== amount
}

/** Rules by which the window rejects a form whose fields are all well formed. */
export function findRuleFindings(table: FieldTable, fields: WireText, now: Date): readonly Finding[] {
  const isGeneral = table === generalInPlaceRequest
  const read: ReadResult<AcceptedRequest> = isGeneral
    ? readMessage(generalLayerRequest, fields)
    : readMessage(layerRequest, fields)
  if (!read.ok) return []
  return rules
    .filter(([, isBroken]) => isBroken(read.value, now))
    .map(([reason]) => {
      const { code, ko, en } = resultCodes[reason]
      return wrong({ ko: `${code}: ${ko}`, en: `${code}: ${en}` })
    })
}
