import type { FirstHours } from './model.ts'

const gateway = 'packages/gateway/test'
const sandbox = 'packages/sandbox/test'
const explainRule = `${gateway}/merchants/explain-rule.test.ts`
const explanations = `${gateway}/request-log/explanations.test.ts`
const diagnose = `${sandbox}/diagnosis/diagnose.test.ts`
const noFields = [explanations, '…: …'] as const
const values = `${gateway}/http/explain-value.test.ts`
const notDelivered = [
  `${sandbox}/explain/outcome-words.test.ts`,
  'a notification that was not delivered is explained with cause and cure: …',
] as const

/** What a shop sends, and what it answers to notifications. */
export const requestRows: FirstHours = {
  'signs with another key': {
    test: [diagnose, 'explained with cause and cure: …'],
    text: { cause: '알려진 실수와 맞지 않습니다', cure: '상점키가 이 환경의 것인지, 서명한 값과 보낸 값이 같은지' },
  },
  'writes the signature in hexadecimal': {
    test: [
      `${gateway}/payment-window/explanation.test.ts`,
      'a sandbox explains a wrong signature, on the page and in the log',
    ],
    text: { cause: '16진수로 썼습니다', cure: '&lt;MerchantKey&gt;' },
  },
  'looks for the explanation on the page of the rejection': {
    test: [
      `${gateway}/payment-window/way-out.test.ts`,
      'tells the buyer one sentence and folds what is for the developer',
    ],
    text: { cause: '거래 금액', cure: 'errors\\.md#s001' },
  },
  'wants to leave a rejection in the layer': {
    test: [`${gateway}/payment-window/way-out.test.ts`, 'closes the layer'],
  },
  'sends Amt=1,004, 1004원 or 1004.00': {
    test: [values, '…=… names …'],
    text: { cause: "['Amt', '1,004', '1004']", cure: '(으)로 보내세요' },
  },
  'sees what it sent on the page': {
    test: [values, 'the page of a rejected request shows what came and what to send'],
    text: { cause: 'Amt=1,004', cure: '로 보내세요' },
  },
  'sends Amt=50': {
    test: [explainRule, 'an amount below the minimum'],
    text: { cause: '받은 금액은 50원.*최소 금액은 1,500원', cure: '1,500원 이상을 보내세요' },
  },
  'pays 50 won with sspay pay': {
    test: [`${sandbox}/pay/pay.test.ts`, 'an amount below the minimum: the minimum and what to send'],
    text: { cause: 'S007.*50원', cure: '100원 이상을 보내세요' },
  },
  'opens the window with JSON': {
    test: noFields,
    text: { cause: "'JSON to the window'", cure: 'JSON입니다.*urlencoded' },
  },
  'opens the window by GET': {
    test: noFields,
    text: { cause: "'GET to the window'", cure: 'GET.*POST로 보내세요' },
  },
  'opens the window by fetch': { test: noFields, text: { cause: "'fetch to the window'", cure: '<form>' } },
  'approves by GET': { test: noFields, text: { cause: "['GET', ", cure: 'GET.*POST로 보내세요' } },
  'calls the API of servers from a browser': {
    test: noFields,
    text: { cause: "['CORS', inquiryPath", cure: '브라우저에서 부르지' },
  },
  'calls the API of servers from a browser, without a preflight': {
    test: [explanations, 'a browser that calls the API of servers is a warning, whatever the answer'],
  },
  'sends an EdiDate of 2020': {
    test: [explainRule, 'an old time'],
    text: { cause: '게이트웨이의 시계는 2025-01-02 03:04:05.*1시간 전부터 10분 뒤까지', cure: '새로/' },
  },
  'sends an EdiDate in UTC': {
    test: [explainRule, 'a time in UTC'],
    text: { cause: '9시간 이르므로 UTC', cure: 'Asia\\/Seoul' },
  },
  'sends an EdiDate in UTC that is accepted': {
    test: [explanations, 'EdiDate in UTC'],
    text: { cause: '9시간 이릅니다. UTC로', cure: '으로 적으세요' },
  },
  'sends an unknown Mid': {
    test: [explainRule, 'an unknown merchant'],
    text: { cause: 'Mid=nobody001m', cure: '같은 환경' },
  },
  'sends an unknown Mid or another SspMallId to a sandbox': {
    test: [explainRule, 'a sandbox names its own merchants'],
    text: {
      cause: 'Mid=ssptest01m의 것이 아닙니다',
      cure: 'sspay merchants list.*Mid=ssptest01m, SspMallId=SSPTEST00p',
    },
  },
  'leaves MallReserved out': {
    test: [explanations, 'no MallReserved'],
    text: { cause: 'MallReserved가 없습니다', cure: 'Base64로 인코딩한 값을 보내세요' },
  },
  'sends MallReserved without Base64': {
    test: [explanations, 'plain MallReserved'],
    text: { cause: 'Base64가 아닙니다', cure: 'Base64로 인코딩하세요' },
  },
  'writes the MerchantKey into the form': {
    test: [explanations, 'the MerchantKey'],
    text: { cause: '가 들어 있습니다', cure: '폼에서 빼고, 운영 키라면 바로 바꾸세요' },
  },
  'posts from a page in EUC-KR without saying so': {
    test: [`${gateway}/payment-window/rejections.test.ts`, 'EUC-KR arrives right, with and without a word about it'],
  },
  'approves with a wrong TrAuthKey': {
    test: [explanations, '…: …'],
    text: { cause: 'TrAuthKey가 그 거래의 것이 아닙니다', cure: '자르거나 바꾸지 말고' },
  },
  'approves twice': {
    test: [
      `${gateway}/approval/approve.test.ts`,
      'fifty parallel approvals ask the card network once and get the same bytes (…)',
    ],
  },
  'approves twice, and looks into the ledger of the card network': {
    test: [
      `${sandbox}/cards/command.test.ts`,
      'a payment is charged once, also after a cut answer and an approval asked for again',
    ],
  },
  'cancels with a wrong password': {
    test: [explanations, '…: the log has the numbers and the cure'],
    text: { cause: "'wrong password'", cure: '4번 더 틀리면' },
  },
  'cancels more than is left': {
    test: [explanations, '…: the log has the numbers and the cure'],
    text: { cause: '남은 금액은 1,004원인데 2,000원', cure: '결제 금액 1,004원.*PartialCancelCode=1' },
  },
  'cancels without encryption': {
    test: [diagnose, 'explained with cause and cure: …'],
    text: { cause: '암호화하지 않은 채 왔습니다', cure: 'EncData에 넣고, Mid와 함께' },
  },
  'cancels with another AES key': {
    test: [diagnose, 'explained with cause and cure: …'],
    text: { cause: '알려진 실수와 맞지 않습니다', cure: '상점키와 Mid가 이 환경의 것인지' },
  },
  'sends several wrong fields': {
    test: [explanations, 'several wrong fields: the message ends with a whole word and within its length'],
  },
  'answers a notification without OK': {
    test: notDelivered,
    text: { cause: 'OK라는 낱말이 없습니다', cure: 'OK를 보내세요' },
  },
  'answers a notification with 404': {
    test: notDelivered,
    text: { cause: 'HTTP 404로 응답했습니다', cure: '통보 URL의 경로를' },
  },
  'lets a notification meet a closed port': {
    test: notDelivered,
    text: { cause: '응답하는 서버가 없습니다', cure: '실행 중인지' },
  },
  'wants to see what it answered to a notification': {
    test: [
      `${gateway}/notifications/shop-answer.test.ts`,
      'what the shop answered is stored encrypted until the shop answers OK',
    ],
  },
  'pays in a shop without a notification URL': {
    test: [
      `${sandbox}/pay/pay.test.ts`,
      'a payment of another shop is not notified to the demo shop, and the list says how to get it',
    ],
    text: { cause: 'no_endpoint +0', cure: 'sspay merchants set MID --notify-url' },
  },
}
