import type { FirstHours } from './model.ts'

const merchant = 'packages/merchant/test'
const layer = 'packages/browser/test/layer-blocked.browser.test.ts'
const dropIn = ['packages/browser/test/drop-in.browser.test.ts', '… throws an error in both languages'] as const
const missingOptions = [
  `${merchant}/checkout/options.test.ts`,
  'all missing options are named at once, in Korean and English',
] as const
const php = 'test/other-languages/first-use.test.ts'

/** What a developer writes in the page and the server of a shop. */
export const shopRows: FirstHours = {
  'calls payment before init': { test: dropIn, text: { cause: "name: 'payment before init'", cure: '을 먼저' } },
  'names a form that is not there': {
    test: dropIn,
    text: { cause: 'FormId "x" 폼이 없습니다', cure: 'There is no form' },
  },
  'sets a wrong actionUri': {
    test: [layer, 'because of a wrong address says so within seconds'],
    text: { cause: '/pay`))', cure: '새 화면에서 결제하기' },
  },
  'names a host that no browser reaches': {
    test: [layer, 'because of … says so, and offers a new screen'],
    text: { cause: '결제창이 열리지 않아요', cure: '새 화면에서 결제하기' },
  },
  'has a policy that forbids frames': {
    test: [layer, 'because of the page’s own … navigates the page at once'],
  },
  'forgets journal, mayPay or resultUrl': {
    test: missingOptions,
    text: { cause: '없습니다', cure: "'journal', 'findOrder', 'mayPay', 'markOrderPaid', 'resultUrl'" },
  },
  'gives an option a wrong value': {
    test: [`${merchant}/checkout/options.test.ts`, 'a wrong option is named, not shown: … …'],
    text: { cause: 'assert.match(line, new RegExp', cure: '[가-힣(].* / .*[a-z]' },
  },
  'passes an e-mail address as customerId, or no phone': {
    test: [
      `${merchant}/payment-form.test.ts`,
      'a wrong value is named as the shop wrote it, with its rule, in both languages, and without the value',
    ],
    text: { cause: 'customerId, max 20', cure: '영문.*, 최대 20자' },
  },
  'opens a form with such a value': {
    test: [
      `${merchant}/checkout/checkout.test.ts`,
      'a form that cannot be made says that nothing was charged, and what to do',
    ],
    text: { cause: 'malformed \\(amount, max 12\\)', cure: '결제된 금액은 없으니' },
  },
  'reads the body before the checkout': {
    test: [`${merchant}/checkout/addresses.test.ts`, 'a body that was read before is an error with its cure'],
    text: { cause: '먼저 본문을 읽은 코드가 있습니다', cure: '뒤에 두세요' },
  },
  'mounts a body parser before the checkout in Express': {
    test: [
      'test/adapters/mounting.test.ts',
      'Express: behind a body parser it says so, asks for no payment, and still shows forms',
    ],
    text: { cause: 'BodyConsumedError', cure: 'Put the checkout before express' },
  },
  'reads the body before readNotification': {
    test: [`${merchant}/notification.test.ts`, 'a body that was read before is a mistake of the caller'],
    text: { cause: '이미 읽었습니다', cure: 'pass its fields' },
  },
  'leaves the environment empty': {
    test: [`${merchant}/merchant-environment.test.ts`, 'an empty environment names every variable once'],
  },
  'writes a key in quotes': {
    test: [`${merchant}/merchant-environment.test.ts`, 'a key in quotes is named with the rule for it'],
    text: { cause: 'SSPAY_MERCHANT_KEY', cure: '발급받은 그대로.*따옴표.* 없이' },
  },
  'takes the key of the sandbox to production': {
    test: [`${merchant}/merchant-environment.test.ts`, 'the public merchant of the sandbox does not meet …'],
    text: { cause: '접속할 수 없습니다', cure: '발급받은' },
  },
  'has no TypeScript': {
    test: [
      'test/adapters/javascript.test.ts',
      'a shop that sspay init wrote in JavaScript takes a payment and its notification',
    ],
  },
  'runs a shop in TypeScript with an old Node.js': {
    test: [
      'test/docs/page-form.test.ts',
      'the questions and answers know what an old Node.js says of a shop in TypeScript',
    ],
    text: { cause: '22\\.18보다 낮으면', cure: 'node@24`를 한 번 실행하고' },
  },
  'starts PHP without the folder of the journal': {
    test: [php, '…, from an empty folder to a paid order, with nothing but what sspay init wrote'],
  },
  'starts PHP where it cannot create that folder': {
    test: [php, 'PHP names a folder that it cannot create'],
    text: { cause: '폴더를 만들지 못했습니다', cure: 'SHOP_DATA: ' },
  },
  'starts PHP without an extension': {
    test: [php, 'PHP names missing extensions when it starts, and how to get them'],
    text: { cause: '확장이 없습니다', cure: 'sudo apt install .*php-sqlite3' },
  },
  'reads which extensions PHP needs': {
    test: [
      'test/adapters/examples.test.ts',
      'the pages about PHP name the version and the extensions that the example asks for',
    ],
  },
  'presses the keypad in a test of the own shop': {
    test: ['test/e2e/pay-in-window.test.ts', '…: a new buyer pays in the window of the shop'],
  },
}
