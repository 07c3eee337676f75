import type { LocalizedText } from '@sspay/protocol'

/** What a buyer reads when too many use the payment window. Nothing has happened to the payment. */
export const busyTexts = {
  /** The window was not opened. */
  opening: {
    ko: '지금은 이용하는 분이 많아요. 결제된 금액은 없으니 잠시 뒤 쇼핑몰에서 다시 시작해 주세요.',
    en: 'It is very busy right now. Nothing was charged. Please start again in the shop in a moment.',
  },
  /** An open window goes on at the same address. */
  step: {
    ko: '지금은 이용하는 분이 많아요. 진행하던 결제는 그대로 있으니 잠시 뒤 다시 시도해 주세요.',
    en: 'It is very busy right now. Your payment is still as you left it: please try again in a moment.',
  },
} as const satisfies Readonly<Record<string, LocalizedText>>
