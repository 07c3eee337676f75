import { callOutcomes, kindText, type NotificationState, resultText, warningText } from '@sspay/gateway/tools'
import type { FieldTable, LocalizedText } from '@sspay/protocol'
import { encryptionRows } from '../diagnosis/explain-sealed-body.ts'
import { signatureRows } from '../diagnosis/explain-signature.ts'
import { mistakeOf } from '../diagnosis/mistake.ts'
import { type Finding, note, right, warning, wrong } from './finding.ts'
import { knownMessages } from './known-messages.ts'

/** What a developer can do about an outcome of a notification or of another call out. */
const cures: Readonly<Partial<Record<keyof typeof callOutcomes, LocalizedText>>> = {
  no_ok: {
    ko: '쇼핑몰이 HTTP 200을 보냈지만 본문에 OK라는 낱말이 없습니다. 저장한 뒤 OK를 보내세요. 쇼핑몰의 응답은 sspay notifications list 와 콘솔에 있습니다',
    en: 'the shop answered 200 without the word OK: answer OK once the notification is stored. Its answer is shown by sspay notifications list and in the console',
  },
  timed_out: {
    ko: '제한 시간 안에 응답이 다 오지 않았습니다. 통보를 저장하고 바로 OK를 보내고, 오래 걸리는 일은 그 뒤에 하세요',
    en: 'the answer was not complete in time: store the notification, answer OK at once, and do slow work afterwards',
  },
  connection_failed: {
    ko: '주소에서 응답하는 서버가 없습니다. 쇼핑몰이 실행 중인지, sspay merchants show MID 의 주소와 포트가 맞는지 확인하세요',
    en: 'no server answers at the address: check that the shop runs, and its address and port with sspay merchants show MID',
  },
  address_rejected: {
    ko: '사설망이나 내부 주소라서 보내지 않았습니다. 샌드박스라면 --private-networks 로 시작하세요',
    en: 'not sent, because the address is on a private network: start the sandbox with --private-networks',
  },
  circuit_open: {
    ko: '연달아 응답이 없어 잠시 보내지 않습니다. 상대가 살아나면 저절로 다시 보냅니다',
    en: 'several calls in a row had no answer; calls go on by themselves when the service answers again',
  },
}

/** States of a notification, and an attempt that was never made; `delivered` is among the outcomes. */
const stateText: Readonly<Record<Exclude<NotificationState, 'delivered'> | 'form_unwritable', LocalizedText>> = {
  form_unwritable: {
    ko: '저장된 통보 내용을 열 수 없어 보내지 못했습니다. 게이트웨이의 로그에서 notification_unwritable 을 찾아보세요',
    en: 'the stored form could not be decrypted, so nothing was sent: look for notification_unwritable in the log',
  },
  pending: { ko: '재통보를 기다리는 중', en: 'the notification waits for its next attempt' },
  exhausted: {
    ko: '모든 재통보가 실패했습니다. 원인을 고친 뒤 sspay notifications resend 거래번호 로 다시 보내세요',
    en: 'every attempt of the notification failed: mend the cause, then sspay notifications resend TRANSACTION_ID',
  },
  no_endpoint: {
    ko: '이 결제를 통보할 URL이 없습니다. 처음에는 데모 상점의 주문만 데모 상점에 통보합니다. sspay merchants set MID --notify-url URL 로 내 쇼핑몰을 정하세요',
    en: 'no notification URL for this payment: at first only orders of the demo shop are notified, to the demo shop. Set that of your shop with sspay merchants set MID --notify-url URL',
  },
}

/** Explains a word of the request log or of the notifications, such as `no_ok` or `Amt`. Undefined for any other. */
export function explainOutcome(word: string): Finding | undefined {
  const status = /^http_([1-5][0-9]{2})$/.exec(word)?.[1]
  if (status !== undefined)
    return wrong({
      ko: `${word}: 상대가 HTTP ${status}로 응답했습니다. 재통보라면 쇼핑몰은 HTTP 200과 OK로 응답해야 합니다. 404라면 통보 URL의 경로를, 500이라면 쇼핑몰의 로그를 보세요`,
      en: `${word}: the answer had HTTP status ${status}. A shop answers a notification with 200 and OK: for 404 check the path of its URL, for 500 the log of the shop`,
    })
  if (Object.hasOwn(stateText, word)) {
    const { ko, en } = stateText[word as keyof typeof stateText]
    return note(`${word}: ${ko}`, `${word}: ${en}`)
  }
  if (!Object.hasOwn(callOutcomes, word)) return explainOtherWord(word)
  const { ko, en, result } = callOutcomes[word as keyof typeof callOutcomes]
  const cure = cures[word as keyof typeof callOutcomes]
  const words = {
    ko: `${word}: ${ko}${cure === undefined ? '' : `. ${cure.ko}`}`,
    en: `${word}: ${en}${cure === undefined ? '' : `: ${cure.en}`}`,
  }
  return result === 'ok' ? right(words.ko, words.en) : wrong(words)
}

/** A kind, a result, a warning or a field of the request log, or what a rejected request did in place of the guide. */
function explainOtherWord(word: string): Finding | undefined {
  const named: Readonly<Record<string, LocalizedText>> = { ...kindText, ...resultText }
  if (Object.hasOwn(warningText, word)) {
    const { ko, en } = warningText[word as keyof typeof warningText]
    return warning({ ko: `${word}: ${ko}`, en: `${word}: ${en}` })
  }
  const text = Object.hasOwn(named, word) ? named[word] : (findMistake(word) ?? findField(word))
  return text && note(`${word}: ${text.ko}`, `${word}: ${text.en}`)
}

function findMistake(word: string): LocalizedText | undefined {
  const row = [...signatureRows, ...encryptionRows].find(([id]) => id === word)
  return row && mistakeOf(row, '…')
}

/** A field by its wire name: its rule, and the messages that have it. */
function findField(wireName: string): LocalizedText | undefined {
  const having = Object.values(knownMessages).filter(({ table }) => Object.hasOwn(table, wireName))
  const table: FieldTable | undefined = having[0]?.table
  const field = table?.[wireName]
  if (field === undefined) return undefined
  const { label, format } = field
  const messagesIn = (language: 'ko' | 'en'): string => [...new Set(having.map((one) => one[language]))].join(', ')
  return {
    ko: `${label}. ${format.hint.ko}, 최대 ${format.maxLength}자 (${messagesIn('ko')})`,
    en: `${label}. ${format.hint.en}, at most ${format.maxLength} characters (${messagesIn('en')})`,
  }
}
