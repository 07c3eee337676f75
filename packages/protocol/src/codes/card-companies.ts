/** An issuer of cards (발급사) and the code it has on the wire. */
export interface CardCompany {
  /** FnCd and AppCardCode, two characters. */
  readonly code: string
  readonly name: string
  readonly nameEn: string
  /** AcquCardCode; undefined where the public page gives none. */
  readonly acquirerCode: string | undefined
  /** Whether a shop may ask for this issuer with FnCd. */
  readonly isSelectable: boolean
}

type Row = readonly [code: string, name: string, nameEn: string, acquirerCode?: string]

const selectable: readonly Row[] = [
  ['01', '비씨', 'BC', '01'],
  ['02', '국민', 'KB Kookmin', '02'],
  ['03', '외환', 'KEB', '03'],
  ['04', '삼성', 'Samsung', '04'],
  ['06', '신한', 'Shinhan', '06'],
  ['07', '현대', 'Hyundai', '07'],
  ['08', '롯데', 'Lotte', '08'],
  ['11', '씨티', 'Citi', '01'],
  ['12', 'NH농협', 'NH NongHyup', '12'],
  ['13', '수협', 'Suhyup', '01'],
  ['14', '신협', 'Shinhyup', '01'],
  ['15', '우리', 'Woori', '15'],
  ['16', '하나', 'Hana', '16'],
  ['21', '광주', 'Kwangju', '01'],
  ['22', '전북', 'Jeonbuk', '02'],
  ['23', '제주', 'Jeju', '01'],
  ['24', '산은', 'KDB Capital', '03'],
  ['25', '해외VISA', 'Visa, issued abroad', '03'],
  ['26', '해외Master', 'Mastercard, issued abroad', '03'],
  ['27', '해외Diners', 'Diners Club, issued abroad', '07'],
  ['28', '해외AMX', 'American Express, issued abroad', '04'],
  ['29', '해외JCB', 'JCB, issued abroad', '03'],
  ['32', '우체국체크', 'Korea Post check', '01'],
  ['33', 'MG새마을체크', 'MG Saemaul check', '01'],
  ['34', 'KDB산업은행', 'Korea Development Bank', '01'],
  ['35', 'UnionPay', 'UnionPay', '01'],
  ['37', '카카오뱅크', 'KakaoBank', '02'],
  ['38', '교보증권체크', 'Kyobo Securities check', '01'],
  ['39', '유진투자증권체크', 'Eugene Investment & Securities check', '01'],
  ['40', 'KB증권체크', 'KB Securities check', '01'],
  ['41', 'IBK', 'Industrial Bank of Korea', '01'],
  ['42', '저축은행', 'Savings banks', '01'],
  ['43', 'K뱅크', 'K bank', '01'],
  ['44', 'SK증권체크', 'SK Securities check', '01'],
  ['45', 'NH투자증권체크', 'NH Investment & Securities check', '01'],
  ['46', '카카오페이', 'KakaoPay', '01'],
  ['58', '한국투자증권', 'Korea Investment & Securities', '01'],
]

const notSelectable: readonly Row[] = [
  ['36', 'DISCOVER', 'Discover'],
  ['47', 'SC은행', 'SC Bank', '01'],
  ['48', '부산', 'Busan', '01'],
  ['49', '경남', 'Kyongnam', '01'],
  ['50', '대구', 'Daegu', '01'],
  ['51', '미래에셋', 'Mirae Asset', '01'],
  ['52', '유안타', 'Yuanta', '01'],
  ['53', 'DB금융투자', 'DB Financial Investment', '01'],
  ['54', '코나아이', 'Kona I', '01'],
  ['55', '토스', 'Toss', '01'],
]

const companyOf =
  (isSelectable: boolean) =>
  ([code, name, nameEn, acquirerCode]: Row): CardCompany => ({ code, name, nameEn, acquirerCode, isSelectable })

/** The public code page (카드사 코드), in the order of the codes. */
export const cardCompanies: readonly CardCompany[] = [
  ...selectable.map(companyOf(true)),
  ...notSelectable.map(companyOf(false)),
].sort((a, b) => Number(a.code) - Number(b.code))

const companiesByCode = new Map(cardCompanies.map((company) => [company.code, company]))

/** Undefined for an unknown code: pass it on and show it, do not fail. */
export const findCardCompany = (code: string): CardCompany | undefined => companiesByCode.get(code)
