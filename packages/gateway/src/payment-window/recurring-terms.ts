import type { Term } from './guest-terms.ts'

/** Terms of recurring payments, for every card that is registered for them. */
export const recurringTerm: Term = {
  id: 'recurring',
  title: { ko: '정기결제 이용약관', en: 'Terms of recurring payments' },
  text: {
    ko: '정기결제(자동결제)는 쇼핑몰이 회원과 약속한 날에 약속한 금액을 등록한 카드로 결제하는 서비스입니다. 카드를 등록하면 쇼핑몰이 그 카드로 결제할 수 있는 빌링키를 받으며, 그 뒤로는 결제할 때마다 비밀번호나 본인인증을 요구하지 않습니다. 카드를 등록하는 것만으로는 결제되지 않습니다. 결제할 금액과 날짜, 무료 이용이 끝나는 날은 쇼핑몰이 알려야 하고, 금액을 올리거나 무료 이용을 유료로 바꾸려면 미리 회원의 동의를 받아야 합니다. 회원은 언제든지 그만둘 수 있습니다. 쇼핑몰에서 정기결제를 해지하거나, 카드 관리에서 그 카드를 삭제하거나, 간편결제 서비스를 해지하면 빌링키가 없어져 다음 결제부터 청구되지 않습니다. 이미 결제한 금액의 취소와 환불은 쇼핑몰에 요청합니다.',
    en: 'In recurring payments the shop charges the card you register on the days and with the amounts that you have agreed on with it. The shop receives a bill key for that card, and no password or identity verification is asked for when it charges. Registering the card charges nothing. The shop must tell you amounts, dates and the end of a free period, and must have your consent before it raises the amount or ends a free period. You can stop at any time: end the subscription in the shop, delete the card among your cards, or leave the easy payment service. The bill key then ends, and the next payment is not charged. Ask the shop for cancellations and refunds of what was charged before.',
  },
}
