import { encodingRows } from '../../src/diagnosis/encodings.ts'
import { contentMistakes } from '../../src/diagnosis/encrypted-content.ts'
import { joinedTexts, tolerated } from '../../src/diagnosis/encrypted-readings.ts'
import { encryptionKeys } from '../../src/diagnosis/encryption-keys.ts'
import { modes } from '../../src/diagnosis/encryption-modes.ts'
import { cut } from '../../src/diagnosis/find-mistakes.ts'
import { formRows } from '../../src/diagnosis/message-forms.ts'
import type { Mistake } from '../../src/diagnosis/mistake.ts'
import { charsetRows, paddingRows } from '../../src/diagnosis/plaintext.ts'
import {
  cancelSignature,
  deletionChecksum,
  paymentSignature,
  resultSignature,
  type Signature,
} from '../../src/diagnosis/signatures.ts'
import { wholeRows } from '../../src/diagnosis/whole-body.ts'
import { markdownTable } from '../../src/document-table.ts'
import { memberDeletionRequest } from '../../src/messages/member-deletion.ts'
import vectors from '../../vectors/signatures.json' with { type: 'json' }

/** Every field that one of the signatures looks at. */
const fields = {
  EdiDate: '20250102030405',
  Mid: 'ssptest01m',
  Amt: '1004',
  SspMallId: 'SSPTEST00p',
  Moid: 'Moid_1',
  MallUserId: 'user0001',
  MallUserID: 'user0001',
  PayMethod: 'CARD',
  ServiceType: 'MD',
  AuthCode: '30012345',
  Tid: 'ssptest01m01012501020304104338',
  ResultCode: '3001',
  CancelAmt: '1004',
  PartialCancelCode: '0',
  CancelPwd: '123456',
  CancelSeq: '1',
  SERVICE_MODE: 'CL1',
}
const merchantKey = vectors.MerchantKey
const otherKeys = [{ label: '…', key: `other${merchantKey}` }]
const keys = { merchantKey, otherKeys }

const signatures: readonly Signature[] = [
  paymentSignature(fields, keys),
  deletionChecksum(fields, merchantKey),
  cancelSignature(fields, keys),
  resultSignature(fields, keys),
]

type Rows = readonly (readonly [id: string, ko: string, en: string, ...rest: readonly unknown[]])[]
const ofRows = (rows: Rows): readonly Mistake[] => rows.map(([id, ko, en]) => ({ id, ko, en }))
const defined = (mistakes: readonly (Mistake | undefined)[]): readonly Mistake[] =>
  mistakes.filter((mistake) => mistake !== undefined)

const around = { table: memberDeletionRequest, merchantId: 'ssptest01m' }
const wrongContents = [
  { EncData: '', Mid: 'ssptest01m' },
  { Mid: {} },
  { malluserid: '' },
  fieldsOfCancel(),
  { Mid: 'another' },
]
function fieldsOfCancel(): Readonly<Record<string, string>> {
  return { ...fields, CancelMsg: '', HashData: '', SspMallId: '' }
}

const encryptionMistakes: readonly Mistake[] = [
  ...ofRows(encodingRows).filter(({ id }) => !tolerated.has(id)),
  joinedTexts,
  ...defined(encryptionKeys(merchantKey, otherKeys).map(({ mistake }) => mistake)),
  ...defined(modes.map(({ mistake }) => mistake)),
  ...[paddingRows, charsetRows, formRows, wholeRows].flatMap((rows) => ofRows(rows as Rows)),
  ...wrongContents.flatMap((content) => contentMistakes(content, around)),
]

/** What stands for many of its kind: `…` is the name of a value, or their order. */
const families: readonly (readonly [pattern: RegExp, ...mistake: readonly [id: string, ko: string, en: string]])[] = [
  [/^order_(?!id_added)/, 'order_…', '다른 순서로 이었습니다', 'joins in another order'],
  [/^separator_(?!names)/, 'separator_…', '값 사이에 구분자가 있습니다', 'has something between the values'],
  [/_missing$/, '…_missing', '값 하나를 빠뜨렸습니다', 'leaves a value out'],
  [
    /_undefined$/,
    '…_undefined',
    '값이 아니라 빈 변수(null, undefined)를 넣었습니다',
    'has an empty variable (null, undefined)',
  ],
  [/_id_upper$/, '…_id_upper', 'ID를 대문자로 썼습니다', 'has an id in upper case'],
  [/_id_lower$/, '…_id_lower', 'ID를 소문자로 썼습니다', 'has an id in lower case'],
  [/_id_blank$/, '…_id_blank', 'ID의 앞이나 뒤에 빈칸이 있습니다', 'has a blank before or after an id'],
  [/(?<!^key)_added$/, '…_added', '서명에 들어가지 않는 값도 넣었습니다', 'also puts in a value that is not signed'],
  [/_other$(?<!^key_other)/, '…_other', '보낸 것과 다른 코드로 서명했습니다', 'signs another code than it sends'],
]

/** Words that hold what was found. */
const general = (words: string): string =>
  words
    .replace(/ ?\(\d{14}\)/, '')
    .replace(/\[\d.*\)/, '…')
    .replace(/\(\w+ → \w+\)/, '(…)')

function generalised({ id, ko, en }: Mistake): Mistake {
  const family = families.find(([pattern]) => pattern.test(id))
  if (family === undefined) return { id, ko: general(ko), en: general(en) }
  return { id: family[1], ko: family[2], en: family[3] }
}

interface Named extends Mistake {
  readonly fields: ReadonlySet<string>
}

function namedMistakes(): readonly Named[] {
  const all = [
    ...signatures.flatMap(({ field, known }) =>
      [...ofRows(encodingRows), cut, ...known].map((mistake) => ({ field, mistake: generalised(mistake) })),
    ),
    ...encryptionMistakes.map((mistake) => ({ field: 'EncData', mistake: generalised(mistake) })),
  ]
  const ids = [...new Set(all.map(({ mistake }) => mistake.id))]
  return ids.flatMap((id) => {
    const same = all.filter(({ mistake }) => mistake.id === id)
    return same.slice(0, 1).map(({ mistake }) => ({ ...mistake, fields: new Set(same.map(({ field }) => field)) }))
  })
}

const columns = ['EncryptData', 'VerifyValue', 'HashData', 'SignValue', 'EncData']

/** Every mistake that an explanation can name, as a table of a guide. */
export const mistakesTable = (language: 'ko' | 'en'): string =>
  markdownTable(
    ['`mistakes`', language === 'ko' ? '한 일' : 'what was done', ...columns.map((name) => `\`${name}\``)],
    namedMistakes().map((mistake) => [
      `\`${mistake.id}\``,
      mistake[language],
      ...columns.map((name) => (mistake.fields.has(name) ? '●' : '')),
    ]),
  )
