import { merchantChangeFrom, merchantIdSettings, merchantSettings } from '@sspay/gateway/tools'
import type { LocalizedText } from '@sspay/protocol'
import { askConsole, consoleUrlOf, printAnswer } from '../command-line/ask-console.ts'
import { columns } from '../command-line/columns.ts'
import { type Call, consoleOption, defineCommand, jsonOption, usualExitCodes } from '../command-line/command.ts'
import type { NewSecrets } from './merchants.ts'
import type { ShownMerchant } from './model.ts'
import { settingTexts } from './wording.ts'

const options = { ...merchantIdSettings, ...merchantSettings, console: consoleOption, json: jsonOption } as const

type MerchantsCall = Call<typeof options>

interface Json {
  readonly merchants?: readonly ShownMerchant[]
  readonly merchant?: ShownMerchant
  readonly secrets?: NewSecrets
  readonly gatewayUrl?: string
  readonly error?: LocalizedText
}

export const merchantsCommand = defineCommand({
  name: 'merchants',
  summary: {
    ko: '샌드박스의 상점을 보고, 추가하고, 바꿉니다',
    en: 'shows, adds and changes the merchants of the sandbox',
  },
  verbs: {
    list: { ko: '모든 상점', en: 'all merchants' },
    show: { operands: ['MID'], ko: '한 상점의 설정', en: 'one merchant with its settings' },
    add: { ko: '새 상점. 상점키는 이때 한 번만 보여 줍니다', en: 'a new merchant; its key is shown only once' },
    set: { operands: ['MID'], ko: '설정 바꾸기', en: 'changes settings' },
  },
  options,
  exitCodes: usualExitCodes,
  examples: [
    {
      line: "sspay merchants add --name '내 상점'",
      ko: '환경 변수로 쓸 값을 출력',
      en: 'prints its environment variables',
    },
    {
      line: 'sspay merchants set ssptest01m --repeated-approval reject',
      ko: '승인을 두 번 받지 않는 서비스처럼',
      en: 'like a service that rejects repeated approvals',
    },
    {
      line: 'sspay merchants set ssptest01m --notify-url http://localhost:4700/pay/notice',
      ko: '재통보를 내 쇼핑몰로',
      en: 'notifications to your own shop',
    },
    {
      line: 'sspay merchants set ssptest01m --notify-url http://localhost:3000/notify --notify-charset euc-kr',
      ko: 'EUC-KR로 받는 서버라면',
      en: 'to a server that reads EUC-KR',
    },
    {
      line: 'sspay merchants set ssptest01m --interest-free 2-3@50000 --interest-free 04:4-6@50000',
      ko: '2~3개월은 모든 카드, 4~6개월은 삼성카드 무이자',
      en: '2 and 3 months interest-free for every card, 4 to 6 for Samsung',
    },
    { line: 'sspay merchants show ssptest01m', ko: '지금 설정', en: 'the current settings' },
  ],
  findProblem: ({ verb, values }) =>
    verb === 'set' && Object.keys(merchantChangeFrom(values)).length === 0
      ? { ko: '바꿀 설정을 하나 이상 적어 주세요', en: 'name at least one setting to change' }
      : undefined,
  async run(call) {
    const { path, json } = requestOf(call)
    const url = `${consoleUrlOf(call.values.console, call.terminal)}/sandbox/merchants/records${path}`
    return printAnswer(call, await askConsole<Json>(url, { json }), (answer) =>
      answer.error === undefined ? describe(answer, call) : `${call.t(answer.error)}\n`,
    )
  },
})

function requestOf({ verb, operands: [merchantId = ''], values }: MerchantsCall) {
  const path = merchantId === '' ? '' : `/${encodeURIComponent(merchantId)}`
  const { mid, 'mall-id': easyPayMerchantId } = values
  if (verb === 'set') return { path, json: merchantChangeFrom(values) }
  if (verb === 'add') return { path, json: { merchantId: mid, easyPayMerchantId, ...merchantChangeFrom(values) } }
  return { path, json: undefined }
}

function describe({ merchants, merchant, secrets, gatewayUrl = '' }: Json, call: MerchantsCall): string {
  if (merchants !== undefined) return `${columns(merchants.map((one) => listRow(one, call)))}${notificationHint(call)}`
  if (merchant === undefined) return ''
  const shown = describeMerchant(merchant, call)
  return secrets === undefined ? shown : `${shown}\n${describeSecrets(merchant, secrets, gatewayUrl, call)}`
}

const listRow = ({ merchantId, easyPayMerchantId, name, notification }: ShownMerchant, { t }: MerchantsCall) => {
  const target = notification === null ? t({ ko: '재통보 없음', en: 'no notifications' }) : notification.url
  return [merchantId, easyPayMerchantId, name, target]
}

const notificationHint = ({ t }: MerchantsCall): string =>
  `${t({ ko: '재통보를 내 쇼핑몰에서 받으려면', en: 'to send the notifications to your shop' })}: sspay merchants set MID --notify-url http://localhost:4700/pay/notice\n`

const describeMerchant = (merchant: ShownMerchant, { t }: MerchantsCall): string =>
  columns([
    [t({ ko: '상점', en: 'merchant' }), `${merchant.merchantId}  ${merchant.name}`],
    ...settingTexts(merchant).map(([title, value]) => [t(title), t(value)]),
  ])

/** The environment variables of a shop, ready to copy. */
function describeSecrets(
  { merchantId, easyPayMerchantId, notification }: ShownMerchant,
  { merchantKey, cancelPassword, orderSigningKey, webhookKey }: NewSecrets,
  gatewayUrl: string,
  { t }: MerchantsCall,
): string {
  const title = t({
    ko: '지금 한 번만 보입니다. 서버의 환경 변수로 두세요.',
    en: 'Shown only once. Store it in the environment of your server.',
  })
  const variables = {
    SSPAY_MERCHANT_ID: merchantId,
    SSPAY_EASY_PAY_MERCHANT_ID: easyPayMerchantId,
    SSPAY_MERCHANT_KEY: merchantKey,
    SSPAY_ENVIRONMENT: gatewayUrl,
    SSPAY_ORDER_SIGNING_KEYS: orderSigningKey,
    SSPAY_CANCEL_PASSWORD: cancelPassword,
    ...(notification === null ? {} : { SSPAY_WEBHOOK_KEYS: webhookKey }),
  }
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}\n`)
  return `${title}\n\n${lines.join('')}`
}
