import type { LocalizedText } from '../field-table.ts'

/** Guide, 결제 중단 시 결과 파라미터, PayMethod: every method that may occur there. SS-Pay itself accepts CARD. */
export const paymentMethods = {
  CARD: { ko: '신용카드', en: 'Credit card' },
  BANK: { ko: '계좌이체', en: 'Bank transfer' },
  VBANK: { ko: '가상계좌', en: 'Virtual account' },
  CELLPHONE: { ko: '휴대폰결제', en: 'Mobile phone bill' },
  NAVER: { ko: '네이버페이', en: 'Naver Pay' },
  KAKAO: { ko: '카카오페이', en: 'KakaoPay' },
  PAYCO: { ko: '페이코페이', en: 'PAYCO' },
  LPAY: { ko: '엘페이', en: 'L.PAY' },
  PINPAY: { ko: '핀페이', en: 'PINPAY' },
  SAMSUNGPAY: { ko: '삼성페이', en: 'Samsung Pay' },
  TOSS: { ko: '토스', en: 'Toss' },
  LINEPAY: { ko: '라인페이', en: 'LINE Pay' },
  TMONEYPAY: { ko: '티머니페이', en: 'Tmoney Pay' },
} as const satisfies Readonly<Record<string, LocalizedText>>

/** A code of the field PayMethod. */
export type PaymentMethod = keyof typeof paymentMethods
