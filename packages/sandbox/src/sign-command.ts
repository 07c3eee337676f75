import { realRuntime } from '@sspay/gateway/tools'
import {
  describeProblem,
  type FieldTable,
  koreanTimestamp,
  type LocalizedText,
  readMessage,
  sealedEnvelope,
  type WireText,
} from '@sspay/protocol'
import { wireNameOf } from '@sspay/protocol/internal'
import { UsageError } from './addresses.ts'
import { columns } from './command-line/columns.ts'
import { type Call, defineCommand, exitCodes, jsonOption } from './command-line/command.ts'
import { readNamed, readRequired } from './command-line/read-input.ts'
import { encryptionFormula } from './diagnosis/explain-sealed-body.ts'
import { findMerchantKey, keyOptions, rejectedKeys, requireMerchantKey } from './merchant-key.ts'
import { encryptGiven } from './sign/encrypt-given.ts'
import { needsKey, type Signature, type SignatureName, sign, signatures } from './sign/signatures.ts'
import { testMerchant } from './test-merchant.ts'

const transactionExample = 'ssptest01m01012501020304050001'

const orderVerbs = ['bill-key-request', 'bill-key-registration'] as const
const billKeyVerbs = [...orderVerbs, 'bill-key-result', 'bill-key-charge', 'bill-key-deletion'] as const

const options = {
  mid: {
    value: 'MID',
    verbs: ['payment', 'deletion', 'encrypt', ...billKeyVerbs],
    ko: '상점 아이디, --sandbox면 ssptest01m',
    en: 'the merchant, ssptest01m with --sandbox',
  },
  'edi-date': {
    value: 'YYYYMMDDHHMMSS',
    verbs: ['payment', ...orderVerbs],
    ko: '전문생성일시, 기본은 지금(한국 시각)',
    en: 'when the request was made, by default now in Korean time',
  },
  amount: {
    value: 'WON',
    verbs: ['payment', 'cancel', 'bill-key-charge'],
    ko: '결제 금액 또는 취소 금액',
    en: 'paid, or to be cancelled',
  },
  'mall-id': {
    value: 'ID',
    verbs: ['deletion', 'bill-key-deletion'],
    ko: '간편결제 가맹점 ID, --sandbox면 SSPTEST00p',
    en: 'the easy-pay merchant, SSPTEST00p with --sandbox',
  },
  customer: { value: 'ID', verbs: ['deletion'], ko: '회원사 고객 ID', en: "the shop's customer" },
  tid: { value: 'TID', verbs: ['cancel', 'result'], ko: '거래번호', en: 'the transaction' },
  partial: { verbs: ['cancel'], ko: '부분 취소', en: 'a part of the payment' },
  code: {
    value: 'CODE',
    fallback: '3001',
    verbs: ['result', 'bill-key-result'],
    ko: '결과코드',
    en: 'the result code',
  },
  order: { value: 'ORDER', verbs: orderVerbs, ko: '주문번호', en: 'the order id' },
  'bill-key-file': {
    value: 'FILE',
    verbs: ['bill-key-result', 'bill-key-charge', 'bill-key-deletion'],
    ko: '복호화한 빌링키만 들어 있는 파일',
    en: 'a file with nothing but the decrypted bill key',
  },
  'masked-card': {
    value: 'NUMBER',
    verbs: ['bill-key-result'],
    ko: '받은 DisplayCardNo 그대로(9406-****-****-0001)',
    en: 'DisplayCardNo as received, such as 9406-****-****-0001',
  },
  ...keyOptions,
  json: jsonOption,
} as const

type SignCall = Call<typeof options>

const rejectedBillKey: LocalizedText = {
  ko: '빌링키는 인자로 받지 않습니다. 인자는 ps와 셸 기록에 남습니다. --bill-key-file FILE 을 쓰세요',
  en: 'a bill key as an argument would be visible in ps and the shell history; use --bill-key-file FILE',
}

export const signCommand = defineCommand({
  name: 'sign',
  summary: {
    ko: '서명할 글과 서명을 보여 줍니다. 내 코드의 값과 견주어 보세요',
    en: 'shows what is signed and the signature, to compare with your own',
  },
  verbs: {
    payment: { ko: '결제 요청의 EncryptData', en: 'EncryptData of a payment request' },
    deletion: { ko: '회원 삭제의 VerifyValue(키 없음)', en: 'VerifyValue of a member deletion, without a key' },
    cancel: { ko: '취소의 HashData', en: 'HashData of a cancellation' },
    result: { ko: '승인 결과와 재통보의 SignValue', en: 'SignValue of an answer or a notification' },
    'bill-key-request': {
      ko: '빌링키 발급창 요청의 VerifyValue(키 없음)',
      en: 'VerifyValue of a request for a bill key, without a key',
    },
    'bill-key-registration': {
      ko: '창 없는 빌링키 등록의 VerifyValue(키 없음)',
      en: 'VerifyValue of a registration without a window, without a key',
    },
    'bill-key-result': {
      ko: '빌링키 발급 결과의 VerifyValue(복호화한 빌링키로)',
      en: 'VerifyValue of the result, over the decrypted bill key',
    },
    'bill-key-charge': { ko: '빌링키 결제의 VerifyValue', en: 'VerifyValue of a charge' },
    'bill-key-deletion': { ko: '빌링키 삭제의 VerifyValue', en: 'VerifyValue of the deletion of a bill key' },
    encrypt: {
      operands: ['[FILE]'],
      ko: 'JSON(파일, 표준 입력)의 EncData',
      en: 'EncData of a JSON, from a file or stdin',
    },
  },
  options,
  rejected: { ...rejectedKeys, 'bill-key': rejectedBillKey },
  exitCodes: { 0: { ko: '완료', en: 'done' }, 2: { ko: '잘못된 사용', en: 'wrong usage' } },
  examples: [
    { line: 'sspay sign payment --sandbox --amount 1004', ko: '지금 시각으로', en: 'dated now' },
    {
      line: 'sspay sign payment --key-file key.txt --mid ssptest01m --edi-date 20250102030405 --amount 1004',
      ko: '내 상점의 값으로',
      en: 'as your own merchant',
    },
    { line: 'sspay sign deletion --sandbox --customer user0001', ko: '회원 삭제', en: 'a member deletion' },
    {
      line: `sspay sign cancel --sandbox --tid ${transactionExample} --amount 504 --partial`,
      ko: '부분 취소',
      en: 'a part',
    },
    {
      line: `sspay sign result --sandbox --tid ${transactionExample}`,
      ko: '승인 결과',
      en: 'the answer of an approval',
    },
    { line: 'sspay sign bill-key-request --sandbox --order CARD0001', ko: '빌링키 발급 요청', en: 'a bill key' },
    {
      line: 'sspay sign bill-key-charge --sandbox --bill-key-file bill-key.txt --amount 9900',
      ko: '빌링키 결제',
      en: 'its charge',
    },
    { line: 'sspay sign encrypt --sandbox deletion.json', ko: '암호화 전문', en: 'an encrypted request' },
  ],
  async run(call) {
    const { verb, values, terminal } = call
    if (verb === 'encrypt') return runEncrypt(call)
    const signature: Signature = signatures[signatureNameOf(verb)]
    const isKeyed = needsKey(signature)
    const key = await (isKeyed ? requireMerchantKey(values, terminal) : findMerchantKey(values, terminal))
    const billKeyFile = values['bill-key-file']
    const billKey = billKeyFile === undefined ? '' : String(await readRequired(billKeyFile, '--bill-key-file ')).trim()
    const fields = fieldsOf(call, signature.table, billKey)
    requireValid(signature, fields)
    const signed = sign(signature, fields, key?.merchantKey.expose() ?? '')
    const rows = [
      ...Object.entries(signed.values),
      ...(isKeyed && key !== undefined ? [secretRow('MerchantKey', key.merchantKey.expose(), key.source, call)] : []),
      ...(billKeyFile === undefined
        ? []
        : [secretRow(wireNameOf(signature.table, 'billKey'), billKey, billKeyFile, call)]),
      [call.t({ ko: '이어 붙인 글', en: 'joined' }), signed.joined],
      [signed.field, signed.result],
    ] as readonly (readonly string[])[]
    terminal.output.write(
      values.json ? `${JSON.stringify(signed)}\n` : `${signed.field} = ${signed.formula}\n\n${columns(rows)}`,
    )
    return exitCodes.done
  },
})

const signatureNameOf = (verb: string): SignatureName =>
  verb.replace(/-(.)/g, (_hyphen, letter: string) => letter.toUpperCase()) as SignatureName

/** Throws a usage error for a missing or malformed value that is signed. */
function requireValid({ table, pieces }: Signature, fields: WireText): void {
  const signed = pieces.flatMap(([wireName]) => {
    const field = table[wireName]
    return field === undefined ? [] : [[wireName, { ...field, required: true }] as const]
  })
  const read = readMessage(Object.fromEntries(signed), fields)
  const [problem] = read.ok ? [] : read.problems
  if (problem !== undefined) throw new UsageError(describeProblem(problem))
}

/** The options as fields of the message, by their wire names. */
function fieldsOf({ values }: SignCall, table: FieldTable, billKey: string): WireText {
  const { sandbox } = values
  const amount = values.amount ?? ''
  const byOurNames = {
    requestedAt: values['edi-date'] ?? koreanTimestamp(realRuntime.now()),
    merchantId: values.mid ?? (sandbox ? testMerchant.merchantId : ''),
    easyPayMerchantId: values['mall-id'] ?? (sandbox ? testMerchant.easyPayMerchantId : ''),
    customerId: values.customer ?? '',
    transactionId: values.tid ?? '',
    resultCode: values.code,
    orderId: values.order ?? '',
    billKey,
    maskedCardNumber: values['masked-card'] ?? '',
    amount,
    cancelAmount: amount,
    cancelScope: values.partial ? '1' : '0',
  }
  return Object.fromEntries(Object.entries(byOurNames).map(([name, text]) => [wireNameOf(table, name), text]))
}

function secretRow(name: string, { length }: string, source: string, { t }: SignCall): readonly string[] {
  return [name, `*** (${t({ ko: `${length}자`, en: `${length} characters` })}, ${source})`]
}

async function runEncrypt({ values, operands, terminal, t }: SignCall): Promise<number> {
  const key = await requireMerchantKey(values, terminal)
  const encrypted = encryptGiven(
    await readNamed(operands[0], terminal),
    key,
    values.mid ?? (values.sandbox ? testMerchant.merchantId : undefined),
  )
  if ('ko' in encrypted) throw new UsageError(encrypted)
  const { envelope, findings, contents } = encrypted
  if (values.json) {
    terminal.output.write(`${JSON.stringify({ envelope, findings })}\n`)
    return exitCodes.done
  }
  const sealedBody = wireNameOf(sealedEnvelope, 'sealedBody')
  const wrong = findings.filter(({ tone }) => tone === 'wrong')
  terminal.errors.write(wrong.map((finding) => `✗ ${t(finding)}\n`).join(''))
  const rows = [
    ['JSON', t(contents)],
    [sealedBody, envelope[sealedBody] ?? ''],
    [t({ ko: '보낼 본문', en: 'body to send' }), JSON.stringify(envelope)],
  ]
  terminal.output.write(`${sealedBody} = ${encryptionFormula}\n\n${columns(rows)}`)
  return exitCodes.done
}
