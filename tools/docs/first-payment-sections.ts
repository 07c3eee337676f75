import type { LocalizedText } from '../../packages/protocol/src/field-table.ts'
import type { Language } from './language.ts'
import { shell } from './markdown.ts'

const words = {
  pay: { ko: '결제합니다', en: 'Pay' },
  payAbout: {
    ko: 'http://localhost:4700 에서 주문하고 결제합니다. 결제창이 처음 한 번 차례로 묻습니다.',
    en: 'Order and pay at http://localhost:4700. On the first payment the window asks for the following, in this order:',
  },
  paid: {
    ko: '영수증이 나오면 첫 결제가 끝났습니다. 같은 고객은 다음부터 결제 비밀번호만 누릅니다. [콘솔](http://localhost:4620)에서 같은 결제를 볼 수 있습니다.',
    en: 'When the receipt appears, the first payment is complete. From the next payment on, the same customer enters only the payment password. The [console](http://localhost:4620) shows the payment.',
  },
  notification: { ko: '재통보를 내 쇼핑몰에서 받습니다', en: 'Receive notifications in your shop' },
  notificationAbout: {
    ko: '결제 서비스는 결과를 한 번 더 알려 줍니다(재통보). 테스트 가맹점 `ssptest01m`의 재통보는 처음에 **데모 쇼핑몰**(`http://localhost:4600/pay/notify`)로 갑니다. 한 번만 실행하면 그다음 결제부터 내 쇼핑몰로 옵니다.',
    en: 'The gateway also sends each result to the shop’s server as a notification (webhook). Notifications of the test merchant `ssptest01m` initially go to the **demo shop** (`http://localhost:4600/pay/notify`). Run this command once to receive them in your shop from the next payment on.',
  },
  notificationSeen: {
    ko: '다시 결제하고 요청 로그를 봅니다. `delivered`이면 내 쇼핑몰이 `OK`라고 답했습니다. 첫 결제는 통보할 주소가 없어서 `no_endpoint`입니다. 지금 주소는 `npx sspay merchants list`에 있습니다.',
    en: 'Pay again and look at the request log. `delivered` means that your shop answered `OK`. The first payment ends as `no_endpoint`, because no address was set for it. `npx sspay merchants list` shows the current address.',
  },
} as const satisfies Record<string, LocalizedText>

/** The inputs of a buyer's first payment. The password rules are those of the gateway. */
const windowSteps: Readonly<Record<Language, string>> = {
  ko: `| 화면 | 넣을 것 |
|---|---|
| 약관 | 모두 동의합니다 |
| 본인인증 | 이름, 생년월일 6자리와 주민등록번호 뒷자리 첫 숫자, 통신사, 휴대폰 번호. 아무것이나 됩니다. 예: \`홍길동\`, \`900101\`과 \`1\`, \`SKT\`, \`01055557777\` |
| 인증번호 | [휴대폰](http://localhost:4620/sandbox/phone)에 온 여섯 자리. 샌드박스의 결제창은 이 번호를 보여 주며 \`바로 입력\`을 누르면 됩니다. 카드 등록에서도 같습니다 |
| 카드 등록 | 카드번호 \`9406 0000 0000 0001\`, 유효기간은 지나지 않은 아무 달, 카드 비밀번호 앞 2자리는 \`00\`이 아닌 아무 숫자. CVC는 묻지 않습니다 |
| 결제 비밀번호 | 새로 정할 여섯 자리를 두 번. 예: \`274951\`. 반복(\`111111\`, \`121212\`), 이어지는 숫자(\`123456\`), 태어난 해나 월일, 전화번호의 일부는 쓸 수 없습니다 |
| 확인 | 결제하기를 누릅니다 |`,
  en: `| page | input |
|---|---|
| terms | agree to all |
| identity | name, six digits of the birth date and the first digit of the second part of the resident number, carrier, mobile number. Any values work, for example \`홍길동\`, \`900101\` and \`1\`, \`SKT\`, \`01055557777\` |
| code | the six digits sent to the [phone](http://localhost:4620/sandbox/phone). In a sandbox the window shows them, with a button that enters them; the card page has one too |
| card | number \`9406 0000 0000 0001\`, any month of expiry that is not past, first two digits of the card password: anything except \`00\`. There is no CVC field |
| payment password | six digits of your choice, twice, for example \`274951\`. Rejected: repeated digits (\`111111\`, \`121212\`), sequences (\`123456\`), the year or day of birth, part of the phone number |
| confirmation | press pay |`,
}

/** The sections about a manual payment and its notification, which are the same for every server. */
export function firstPaymentSections(
  language: Language,
  { notificationUrl, firstNumber }: { readonly notificationUrl: string; readonly firstNumber: number },
): readonly string[] {
  const t = (given: LocalizedText): string => given[language]
  return [
    `## ${firstNumber}. ${t(words.pay)}`,
    t(words.payAbout),
    windowSteps[language],
    t(words.paid),
    `## ${firstNumber + 1}. ${t(words.notification)}`,
    t(words.notificationAbout),
    shell(`npx sspay merchants set ssptest01m --notify-url ${notificationUrl}`),
    t(words.notificationSeen),
    shell('npx sspay requests list --kind notification'),
  ]
}
