import { createCipheriv, createHash } from 'node:crypto'
import type { Client, Fields, Step } from './clients.ts'

type Given = Fields & Partial<Readonly<Record<keyof Client, string>>>
type Answer = Readonly<Record<string, unknown>>

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('base64')
const fromBase64 = (text = ''): string => Buffer.from(text, 'base64').toString('utf8')

/** The clients of `clients.ts` in TypeScript and in pages; shares no line with the packages here. */
export const clientInTypeScript: Readonly<Record<Step, (given: Given) => Promise<Fields>>> = {
  async request(given) {
    const form = Object.fromEntries(new URLSearchParams(given.form))
    const koreanTime = new Date(Date.now() + 9 * 3_600_000).toISOString()
    const EdiDate = koreanTime.replace(/\D/g, '').slice(0, 14)
    const EncryptData = sha256(`${EdiDate}${form.Mid}${form.Amt}${given.key}`)
    return { ...form, EdiDate, EncryptData, MallReserved: Buffer.from(form.Moid ?? '').toString('base64') }
  },

  async receive(given) {
    const posted = readForm(given.body, given.charset)
    if (given.expectsSuccessCode !== undefined && posted.ResultCode !== '0000') return { paid: 'N' }
    const { Tid = '', TrAuthKey = '' } = posted
    const answer = await callApi(given, 'urlCallApproval.do', JSON.stringify({ Tid, TrAuthKey }))
    const result = JSON.parse(answer) as Answer
    const isPaid = {
      ResultCode: result.ResultCode === '3001',
      ResultMsg: String(result.ResultMsg).includes('성공'),
      Tid: Boolean(result.Tid),
    }[given.paidBy as Client['paidBy']]
    return {
      paid: isPaid ? 'Y' : 'N',
      order: orderOf(given, posted),
      amount: String(result.Amt ?? ''),
      transaction: String(result.Tid ?? ''),
      note: String(result.MallReserved),
      code: String(result.ResultCode),
      message: String(result.ResultMsg),
      answer,
    }
  },

  async abort(given) {
    const { Moid = '', MallReserved = '', ResultCode = '', GoodsName = '' } = readForm(given.body, given.charset)
    return { order: Moid, note: MallReserved, code: ResultCode, goods: GoodsName }
  },

  async cancel(given) {
    const body: Record<string, string> = Object.fromEntries(new URLSearchParams(given.fields))
    const { Tid, CancelAmt, PartialCancelCode = '0' } = body
    body.HashData = sha256(`${Tid}${given.key}${CancelAmt}${PartialCancelCode}`)
    const answer = await callEncrypted(given, 'cancel.do', body)
    const result = JSON.parse(answer) as Answer
    return {
      code: String(result.ResultCode),
      amount: String(result.CancelAmt ?? ''),
      part: String(result.PTid ?? ''),
      answer,
    }
  },

  async delete(given) {
    const body: Record<string, string> = Object.fromEntries(new URLSearchParams(given.fields))
    body.VerifyValue = sha256(`${body.Mid}${body.SspMallId}${body.MallUserId}`)
    body.ServiceType = 'MD'
    return { code: JSON.parse(await callEncrypted(given, 'ssbMemberDel.do', body)).ResultCode }
  },

  async notified({ body, charset, names }) {
    const posted = readForm(body, charset)
    const isOld = names === 'legacy'
    return {
      transaction: posted[isOld ? 'TID' : 'Tid'] ?? '',
      order: posted[isOld ? 'OID' : 'Moid'] ?? '',
      state: posted[isOld ? 'state_cd' : 'StateCd'] ?? '',
      buyer: posted[isOld ? 'name' : 'BuyerName'] ?? '',
      amount: posted.Amt ?? '',
      refund: posted[isOld ? 'Amt' : 'RefundAmt'] ?? '',
      original: posted[isOld ? 'OTID' : 'OTid'] ?? '',
    }
  },
}

function orderOf({ findsOrderIn, session = '' }: Given, posted: Fields): string {
  if (findsOrderIn === 'session') return session
  if (findsOrderIn === 'Moid') return posted.Moid ?? ''
  if (findsOrderIn === 'MallReserved') return fromBase64(posted.MallReserved)
  return JSON.parse(fromBase64(posted.MerReqData)).Moid
}

function callEncrypted(given: Given, name: string, body: Fields): Promise<string> {
  const cipher = createCipheriv('aes-256-cbc', given.key?.slice(0, 32) ?? '', Buffer.alloc(16))
  const encrypted = Buffer.concat([cipher.update(JSON.stringify(body), 'utf8'), cipher.final()])
  return callApi(given, name, JSON.stringify({ Mid: body.Mid, EncData: encrypted.toString('base64') }))
}

async function callApi({ base, timeoutMs }: Given, name: string, body: string): Promise<string> {
  const answer = await fetch(`${base}/payment/approval/${name}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body,
    signal: AbortSignal.timeout(Number(timeoutMs)),
  })
  return answer.text()
}

/** A `TextDecoder` knows the usual syllables of EUC-KR. */
function readForm(body = '', charset = 'utf-8'): Fields {
  const decoder = new TextDecoder(charset)
  const read = (text: string): string => {
    const binary = text
      .replace(/\+/g, ' ')
      .replace(/%([0-9A-F]{2})/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16)))
    return decoder.decode(Buffer.from(binary, 'latin1'))
  }
  return Object.fromEntries(body.split('&').map((field) => field.split('=').map(read)))
}
