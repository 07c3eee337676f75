import { explainRule } from '@sspay/gateway/tools'
import {
  type FieldTable,
  findCardCompany,
  type LocalizedText,
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
import { testMerchant } from '../test-merchant.ts'
import { type Finding, wrong } from './finding.ts'

/** The minimum of every issuer. The other limits are those of the test merchant, which are the defaults. */
const installmentMinimumAmount = 50_000

const clock: LocalizedText = { ko: '이 컴퓨터의 시계', en: 'the clock of this machine' }

type Rule = readonly [reason: keyof typeof resultCodes, isBroken: (request: AcceptedRequest, now: Date) => boolean]

const rules: readonly Rule[] = [
  ['request_too_old', ({ requestedAt }, now) => now.getTime() - requestedAt.getTime() > testMerchant.requestMaxAgeMs],
  [
    'request_in_future',
    ({ requestedAt }, now) => requestedAt.getTime() - now.getTime() > testMerchant.requestMaxAheadMs,
  ],
  ['amount_below_minimum', ({ amount }) => amount < testMerchant.minimumAmount],
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
      const more = explainRule(reason, { request: read.value, merchant: testMerchant, now, clock })?.words
      return wrong({ ko: `${code}: ${ko} ${more?.ko ?? ''}`.trim(), en: `${code}: ${en} ${more?.en ?? ''}`.trim() })
    })
}
