/** What became of a payment whose form was changed in the browser. */
export type Ending =
  /** The window shows a refusal, and no payment begins. */
  | `window ${string}`
  /** The window asks for a password that the one at the keyboard does not know. */
  | 'password'
  /** The shop's server finds the change by the inquiry and asks for no approval. */
  | `shop ${string}`
  /** The window sends the buyer to somebody else; the shop hears nothing and asks for no approval. */
  | 'elsewhere'
  /** Paid, as the shop ordered it. */
  | 'paid'

export type Fields = Readonly<Record<string, string | undefined>>

/** Forms that the one who changes an order can get from the same shop. */
export interface OtherForms {
  /** Of another order with the same amount. */
  readonly sameAmount: Fields
  /** Of a cheaper order. */
  readonly cheaper: Fields
}

export interface TamperCase {
  readonly fields: readonly string[]
  readonly change: string
  /** What the form holds after the change; `undefined` takes a field out. */
  tamper(form: Fields, others: OtherForms): Fields
  readonly ending: Ending
  readonly why: string
  /** Of the shop's order; 1,004 won when absent. */
  readonly amount?: number
  /** How old the form is. */
  readonly ageMs?: number
}

const set = (field: string, value: string | undefined) => (): Fields => ({ [field]: value })

const minuteMs = 60_000

export const victim = { customerId: 'tamperVictim', password: '380462' } as const
export const secondAccount = 'tamperSecond'
export const foreignOrigin = 'http://elsewhere.example'

const covered = 'EncryptData covers it.'
const display = 'It is shown and handed back, nothing more: the shop delivers what its own order says.'
const carried = 'It is carried, and decides nothing.'

export const tamperCases: readonly TamperCase[] = [
  {
    fields: ['Amt'],
    change: 'lowered to 100',
    tamper: set('Amt', '100'),
    ending: 'window S002',
    why: covered,
  },
  {
    fields: ['Amt', 'EdiDate', 'EncryptData'],
    change: 'all three of a cheaper order',
    tamper: (_form, { cheaper: { Amt, EdiDate, EncryptData } }) => ({ Amt, EdiDate, EncryptData }),
    ending: 'shop order_tampered amount_differs',
    why: 'The signature is right, but it is not about an order. The shop expects another amount, and the seal holds another one.',
  },
  {
    fields: ['Amt', 'EdiDate', 'EncryptData', 'MallReserved'],
    change: 'all four of a cheaper order',
    tamper: (_form, { cheaper: { Amt, EdiDate, EncryptData, MallReserved } }) => ({
      Amt,
      EdiDate,
      EncryptData,
      MallReserved,
    }),
    ending: 'shop order_tampered order_differs',
    why: 'The seal is right, and names the cheaper order.',
  },
  {
    fields: ['Moid'],
    change: 'another order with the same amount',
    tamper: (_form, { sameAmount }) => ({ Moid: sameAmount.Moid }),
    ending: 'shop order_tampered order_differs',
    why: 'No signature of the wire covers it; the seal does.',
  },
  {
    fields: ['MallReserved'],
    change: 'taken out',
    tamper: set('MallReserved', undefined),
    ending: 'shop order_tampered seal_missing',
    why: 'A shop that seals its orders approves none without a seal.',
  },
  {
    fields: ['MallReserved'],
    change: 'one letter changed',
    tamper: ({ MallReserved = '' }) => ({
      MallReserved: MallReserved.slice(0, 60) + (MallReserved[60] === 'A' ? 'B' : 'A') + MallReserved.slice(61),
    }),
    ending: 'shop order_tampered seal_broken',
    why: 'The HMAC covers every byte of the seal and of the note.',
  },
  {
    fields: ['MallReserved'],
    change: 'the sealed note of another order',
    tamper: (_form, { sameAmount }) => ({ MallReserved: sameAmount.MallReserved }),
    ending: 'shop order_tampered order_differs',
    why: 'The seal is right, and names the other order.',
  },
  {
    fields: ['Moid', 'MallReserved'],
    change: 'both of another order with the same amount',
    tamper: (_form, { sameAmount: { Moid, MallReserved } }) => ({ Moid, MallReserved }),
    ending: 'shop order_tampered order_differs',
    why: 'This pays the other order; the shop, asked to approve this one, does not. The other one can be paid by its own form.',
  },
  {
    fields: ['EdiDate'],
    change: 'a minute later',
    tamper: ({ EdiDate = '' }) => ({ EdiDate: `${EdiDate.slice(0, 12)}${EdiDate.endsWith('59') ? '58' : '59'}` }),
    ending: 'window S002',
    why: covered,
  },
  {
    fields: ['EdiDate'],
    change: 'nothing, but the form is a day old',
    tamper: () => ({}),
    ending: 'window S003',
    ageMs: 25 * 60 * minuteMs,
    why: 'The gateway takes no request that is older than a day (set per merchant).',
  },
  {
    fields: ['EdiDate'],
    change: 'nothing, but the form is older than the seal allows (`validForMs`, here one hour)',
    tamper: () => ({}),
    ending: 'shop order_tampered seal_expired',
    ageMs: 61 * minuteMs,
    why: 'The seal names the end of its own time.',
  },
  {
    fields: ['EncryptData'],
    change: 'a digest made without the key',
    tamper: set('EncryptData', 'pNd9jRfj4PvYuA5SVDoUDld7Jnc95L5bVj/FPkRwodc='),
    ending: 'window S002',
    why: 'It takes the MerchantKey, which never leaves the server.',
  },
  {
    fields: ['Mid'],
    change: 'another shop',
    tamper: set('Mid', 'othershop1'),
    ending: 'window S005',
    why: 'Here there is no such shop; that of an existing one fails as S002, because its key signs otherwise.',
  },
  {
    fields: ['SspMallId'],
    change: 'another wallet',
    tamper: set('SspMallId', 'OTHERMALL1'),
    ending: 'window S006',
    why: 'The gateway knows which one belongs to the Mid.',
  },
  {
    fields: ['MallUserId'],
    change: 'another customer, whose card shall pay',
    tamper: set('MallUserId', victim.customerId),
    ending: 'password',
    why: 'The card needs the payment password of that member. After five wrong ones the member is locked until a new identity verification.',
  },
  {
    fields: ['MallUserId'],
    change: 'a second account of the same person',
    tamper: set('MallUserId', secondAccount),
    ending: 'shop order_tampered customer_differs',
    why: 'The seal names the customer who ordered.',
  },
  {
    fields: ['ReturnUrl'],
    change: 'a foreign host',
    tamper: set('ReturnUrl', `${foreignOrigin}/return`),
    ending: 'elsewhere',
    why: 'The foreign host gets Tid and TrAuthKey. With them an approval can only pay this shop, for this buyer, who has agreed; the goods need the shop’s server, and its notice (재통보) tells of a payment that somebody else had approved. Posted on to the shop they pay the order as it is. The seal holds the return host; a list of allowed hosts per merchant comes later.',
  },
  {
    fields: ['ReturnUrl'],
    change: 'the address of another order of the shop',
    tamper: ({ ReturnUrl = '' }, { sameAmount }) => ({
      ReturnUrl: ReturnUrl.replace(/=.*/, `=${sameAmount.Moid}`),
    }),
    ending: 'shop order_tampered order_differs',
    why: 'The order in the address only says what the shop expects; what is paid must be that order.',
  },
  {
    fields: ['StopUrl'],
    change: 'a foreign host',
    tamper: set('StopUrl', `${foreignOrigin}/stop`),
    ending: 'paid',
    why: 'It is used only when the buyer stops. Then the foreign host learns what the buyer’s browser held anyway, and nothing is charged.',
  },
  {
    fields: ['PayMethod'],
    change: '`BANK`',
    tamper: set('PayMethod', 'BANK'),
    ending: 'window S001',
    why: 'SS-Pay takes `CARD`.',
  },
  { fields: ['GoodsName'], change: 'other goods', tamper: set('GoodsName', '금괴 1kg'), ending: 'paid', why: display },
  { fields: ['GoodsCnt'], change: '99', tamper: set('GoodsCnt', '99'), ending: 'paid', why: display },
  {
    fields: ['BuyerName'],
    change: 'another name',
    tamper: set('BuyerName', '임꺽정'),
    ending: 'paid',
    why: 'The shop keeps the buyer of its own order. A shop whose option compares it with the verified identity must compare the answer’s BuyerName with its order too.',
  },
  {
    fields: ['BuyerTel'],
    change: 'another number',
    tamper: set('BuyerTel', '01000000000'),
    ending: 'paid',
    why: 'As BuyerName.',
  },
  {
    fields: ['BuyerEmail'],
    change: 'another address',
    tamper: set('BuyerEmail', 'other@example.com'),
    ending: 'paid',
    why: `${display} The gateway writes no mail.`,
  },
  {
    fields: ['PopCheck'],
    change: '`Y`',
    tamper: set('PopCheck', 'Y'),
    ending: 'paid',
    why: 'One more step, which the buyer may skip.',
  },
  {
    fields: ['FnCd'],
    change: 'the issuer of the buyer’s card',
    tamper: set('FnCd', '06'),
    ending: 'paid',
    why: 'It narrows the choice that the buyer has anyway.',
  },
  {
    fields: ['CardQuota'],
    change: 'twelve months below 50,000 won',
    tamper: set('CardQuota', '12'),
    ending: 'window S013',
    why: 'Instalments start at 50,000 won.',
  },
  {
    fields: ['CardQuota'],
    change: 'twelve months of 60,000 won',
    tamper: set('CardQuota', '12'),
    ending: 'paid',
    amount: 60_000,
    why: 'The buyer may choose so in the window; the shop gets the whole amount.',
  },
  { fields: ['MallIp'], change: 'another address', tamper: set('MallIp', '10.9.9.9'), ending: 'paid', why: carried },
  { fields: ['UserIp'], change: 'another address', tamper: set('UserIp', '10.9.9.9'), ending: 'paid', why: carried },
  {
    fields: ['EncodingType'],
    change: '`euckr`',
    tamper: set('EncodingType', 'euckr'),
    ending: 'paid',
    why: 'The SDK reads both.',
  },
  { fields: ['SkinColor'], change: '`PURPLE`', tamper: set('SkinColor', 'PURPLE'), ending: 'paid', why: 'Looks.' },
  { fields: ['TransType'], change: '`1`', tamper: set('TransType', '1'), ending: 'paid', why: carried },
  { fields: ['TaxCd'], change: '`1`', tamper: set('TaxCd', '1'), ending: 'paid', why: carried },
  {
    fields: ['TaxAmt'],
    change: '`1`',
    tamper: set('TaxAmt', '1'),
    ending: 'window S008',
    why: 'The three tax amounts must add up to Amt.',
  },
  {
    fields: ['VatAmt'],
    change: '`1`',
    tamper: set('VatAmt', '1'),
    ending: 'window S008',
    why: 'The three tax amounts must add up to Amt.',
  },
  {
    fields: ['TaxFreeAmt'],
    change: 'all of Amt',
    tamper: ({ Amt }) => ({ TaxFreeAmt: Amt }),
    ending: 'paid',
    why: 'The amount stays. Take the tax of a receipt from the shop’s own order: the answer does not repeat it.',
  },
  {
    fields: [],
    change: 'a field nobody knows',
    tamper: set('Discount', '1000'),
    ending: 'paid',
    why: 'Unknown fields are not read.',
  },
]
