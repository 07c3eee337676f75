import { billKeyResult, type LocalizedText, type ResultReason, type WireText } from '@sspay/protocol'
import { encodeForm } from '@sspay/protocol/charset'
import { writeNotIssued } from '../bill-keys/write-result.ts'
import { abortedEnding, authenticatedEnding, type Ending, expiredEnding } from './endings.ts'
import type { Registration, RegistrationEnding } from './registration.ts'
import type { WayBack } from './return-page.ts'

/** What the shop receives from a window that issues a bill key; without an ending, that the window expired. */
export function registrationWayBack({ request, ending }: Registration): WayBack {
  const { merchantId, returnUrl } = request
  const expired = { outcome: 'expired', fields: writeNotIssued(merchantId, request, 'window_expired') } as const
  const { outcome, fields } = ending ?? expired
  return {
    kind: 'bill-key-result',
    action: returnUrl,
    fields: encodeAsAsked(request, allFields(fields)),
    ending: endingOf(ending),
    isAutomatic: outcome === 'issued' || outcome === 'aborted',
    message: {},
  }
}

/** Every name of the table, because shops read all names. */
const allFields = (fields: WireText): Record<string, string> =>
  Object.fromEntries(Object.keys(billKeyResult).map((name) => [name, fields[name] ?? '']))

/** RtnUrlEncUse: the values are URL-encoded before the browser encodes the form, so the shop decodes them once more. */
function encodeAsAsked(
  { encodesReturnedValues, answerCharset = 'utf-8' }: Registration['request'],
  fields: Record<string, string>,
): Record<string, string> {
  if (encodesReturnedValues !== true) return fields
  const encode = (value: string): string => encodeForm({ '': value }, answerCharset).slice(1).replaceAll('+', '%20')
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, encode(value)]))
}

const endingOf = (ending: RegistrationEnding | undefined): Ending => {
  switch (ending?.outcome) {
    case 'issued':
      return issued
    case 'aborted':
      return aborted
    case 'rejected':
      return { ...rejected, text: rejectionTexts[ending.reason] ?? askShop }
    case undefined:
      return expired
  }
}

const issued: Ending = {
  mark: authenticatedEnding.mark,
  title: { ko: '정기결제 카드 등록 완료', en: 'Card registered' },
  heading: { ko: '정기결제 카드를 등록했어요', en: 'Your card is registered' },
  text: { ko: '쇼핑몰로 돌아가고 있어요.', en: 'Returning to the shop.' },
}

const aborted: Ending = {
  mark: abortedEnding.mark,
  title: { ko: '정기결제 카드 등록 중단', en: 'Registration cancelled' },
  heading: { ko: '카드 등록을 그만두었어요', en: 'You cancelled the registration' },
  text: {
    ko: '등록된 정기결제 카드는 없어요. 쇼핑몰로 돌아가고 있어요.',
    en: 'Returning to the shop. No card was registered for recurring payments.',
  },
}

const expired: Ending = {
  mark: expiredEnding.mark,
  title: { ko: '카드 등록 시간 종료', en: 'Registration time over' },
  heading: { ko: '카드를 등록할 시간이 지났어요', en: 'The time to register is over' },
  text: {
    ko: '정기결제 카드를 등록하지 않았어요. 쇼핑몰에서 다시 시작해 주세요.',
    en: 'No card was registered. Please start again in the shop.',
  },
}

const askShop: LocalizedText = {
  ko: '정기결제 카드를 등록하지 않았어요. 쇼핑몰에 문의해 주세요.',
  en: 'No card was registered. Please ask the shop.',
}

const rejected: Ending = {
  mark: abortedEnding.mark,
  title: { ko: '정기결제 카드 등록 실패', en: 'Card not registered' },
  heading: { ko: '정기결제 카드를 등록하지 못했어요', en: 'Your card could not be registered' },
  text: askShop,
}

const rejectionTexts: Partial<Record<ResultReason, LocalizedText>> = {
  bill_key_card_registered: {
    ko: '이 쇼핑몰의 정기결제에 이미 등록한 카드예요.',
    en: 'This card is already registered for recurring payments in this shop.',
  },
  bill_key_card_not_added: {
    ko: '이 쇼핑몰의 정기결제에 이미 다른 카드가 등록되어 있어 카드를 더 등록할 수 없어요. 카드를 바꾸려면 쇼핑몰에 문의해 주세요.',
    en: 'Another card is already registered in this shop, and no card can be added. To change it, ask the shop.',
  },
}
