import type { LocalizedText } from '@sspay/protocol'
import { type AcceptedRequest, findZoneMistake, groupThousands, koreanTime } from '@sspay/protocol/internal'
import type { Explanation } from '../diagnosis.ts'
import type { Merchant } from './model.ts'

type RuleMerchant = Pick<
  Merchant,
  'merchantId' | 'easyPayMerchantId' | 'minimumAmount' | 'requestMaxAgeMs' | 'requestMaxAheadMs'
>

export interface RuleFacts {
  readonly request: AcceptedRequest
  readonly merchant: RuleMerchant
  readonly now: Date
  /** The clock that `now` is of. Default: the gateway's. */
  readonly clock?: LocalizedText | undefined
  /** The public test merchant, in a sandbox only. */
  readonly testMerchant?: Pick<Merchant, 'merchantId' | 'easyPayMerchantId'> | undefined
}

type ExplainedRule =
  | 'amount_below_minimum'
  | 'request_too_old'
  | 'request_in_future'
  | 'easy_pay_merchant_mismatch'
  | 'installment_below_minimum'

const won = (amount: number): LocalizedText => {
  const grouped = groupThousands(amount)
  return { ko: `${grouped}원`, en: `${grouped} won` }
}

/** What came, the merchant's limit and the cure, of a rule that a signed payment request breaks. */
export function explainRule(reason: string, facts: RuleFacts): Explanation | undefined {
  const explain = Object.hasOwn(explanations, reason) ? explanations[reason as ExplainedRule] : undefined
  return explain?.(facts)
}

const explained = (ko: string, en: string, mistakes: readonly string[] = []): Explanation => ({
  mistakes,
  words: { ko, en },
})

const explanations: Readonly<Record<ExplainedRule, (facts: RuleFacts) => Explanation>> = {
  amount_below_minimum({ request, merchant }) {
    const [came, least] = [won(request.amount), won(merchant.minimumAmount)]
    return explained(
      `Amt=${request.amount}: 받은 금액은 ${came.ko}, 이 상점의 최소 금액은 ${least.ko}입니다. ${least.ko} 이상을 보내세요.`,
      `Amt=${request.amount}: ${came.en} came, the minimum of this merchant is ${least.en}. Send ${least.en} or more.`,
    )
  },
  request_too_old: explainTime,
  request_in_future: explainTime,
  easy_pay_merchant_mismatch({ request, merchant, testMerchant }) {
    const came = `SspMallId=${request.easyPayMerchantId}`
    const { merchantId: mid, easyPayMerchantId: right } = merchant
    const sandbox = inSandbox(testMerchant)
    return testMerchant === undefined
      ? explained(
          `${came}: Mid=${mid}의 것이 아닙니다. 그 Mid와 함께 발급받은 SspMallId를 보내세요.`,
          `${came} does not belong to Mid=${mid}. Send the SspMallId that was issued together with it.`,
        )
      : explained(
          `${came}: Mid=${mid}의 SspMallId는 ${right}입니다. ${right}을(를) 보내세요. ${sandbox.ko}`,
          `${came}: the SspMallId of Mid=${mid} is ${right}. Send ${right}. ${sandbox.en}`,
        )
  },
  installment_below_minimum: ({ request }) =>
    explained(
      `Amt=${request.amount}, CardQuota=${request.installmentMonths}: 할부는 50,000원부터입니다. CardQuota를 00으로 보내거나 비우세요.`,
      `Amt=${request.amount}, CardQuota=${request.installmentMonths}: instalments start at 50,000 won. Send CardQuota 00 or leave it out.`,
    ),
}

/** Of a request whose merchant does not exist; nothing about it is signed. */
export function explainUnknownMerchant(merchantId: string, testMerchant: RuleFacts['testMerchant']): Explanation {
  const sandbox = inSandbox(testMerchant)
  return explained(
    `Mid=${merchantId}: 이 게이트웨이에 없는 상점입니다. Mid와 게이트웨이 주소가 같은 환경의 것인지 확인하세요. ${sandbox.ko}`.trim(),
    `Mid=${merchantId}: this gateway has no such merchant. Check that Mid and address are of the same environment. ${sandbox.en}`.trim(),
  )
}

const inSandbox = (testMerchant: RuleFacts['testMerchant']): LocalizedText =>
  testMerchant === undefined
    ? { ko: '', en: '' }
    : {
        ko: `샌드박스의 상점은 sspay merchants list 로 봅니다. 테스트 상점은 Mid=${testMerchant.merchantId}, SspMallId=${testMerchant.easyPayMerchantId}입니다.`,
        en: `sspay merchants list shows the merchants of the sandbox. The test merchant is Mid=${testMerchant.merchantId}, SspMallId=${testMerchant.easyPayMerchantId}.`,
      }

const gatewayClock: LocalizedText = { ko: '게이트웨이의 시계', en: "the gateway's clock" }

const zoneText = {
  utc: {
    ko: '9시간 이르므로 UTC로 적은 것으로 보입니다. 한국 시각(Asia/Seoul)으로 적으세요.',
    en: 'It is nine hours behind, as if written in UTC: write Korean time (Asia/Seoul).',
  },
  twice: {
    ko: '9시간 늦으므로 시간대를 두 번 더한 것으로 보입니다. 한국 시각(Asia/Seoul)을 한 번만 적용하세요.',
    en: 'It is nine hours ahead, as if the time zone was added twice: apply Korean time (Asia/Seoul) once.',
  },
} as const satisfies Readonly<Record<string, LocalizedText>>

const usualCure: LocalizedText = {
  ko: '결제 버튼을 누를 때마다 EdiDate와 EncryptData를 새로 만들고, 서버의 시계를 맞추세요.',
  en: 'Make a new EdiDate and EncryptData each time the button is pressed, and set the clock of the server.',
}

function explainTime({ request, merchant, now, clock = gatewayClock }: RuleFacts): Explanation {
  const { requestedAt } = request
  const mistake = findZoneMistake(requestedAt, now)
  const cure = mistake === undefined ? usualCure : zoneText[mistake]
  const [oldest, furthest] = [durationText(merchant.requestMaxAgeMs), durationText(merchant.requestMaxAheadMs)]
  const [came, at] = [koreanTime(requestedAt), koreanTime(now)]
  return explained(
    `EdiDate: 받은 시각은 ${came}, ${clock.ko}는 ${at}(한국 시각)입니다. ${oldest.ko} 전부터 ${furthest.ko} 뒤까지 받습니다. ${cure.ko}`,
    `EdiDate: ${came} came, ${clock.en} says ${at} (Korean time). Accepted is from ${oldest.en} ago to ${furthest.en} ahead. ${cure.en}`,
    mistake === undefined ? [] : [`time_zone_${mistake}`],
  )
}

function durationText(milliseconds: number): LocalizedText {
  const minutes = Math.round(milliseconds / 60_000)
  return minutes % 60 === 0 && minutes > 0
    ? { ko: `${minutes / 60}시간`, en: `${minutes / 60} hours` }
    : { ko: `${minutes}분`, en: `${minutes} minutes` }
}
