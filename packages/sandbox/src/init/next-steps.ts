import type { LocalizedText } from '@sspay/protocol'
import { testMerchant } from '../test-merchant.ts'
import type { Framework } from './frameworks.ts'

/** Commands to type, in the same terminal; none where the text says what to do. */
export interface Step extends LocalizedText {
  readonly commands: readonly string[]
}

/** From the written files to the first payment. `enter` is the command that goes into the shop's folder, if any. */
export function nextSteps(
  { needs, prepare, start, notificationPath }: Framework,
  enter: readonly string[] = [],
): readonly Step[] {
  const hasOwnSandbox = prepare.length > 0
  return [
    ...(hasOwnSandbox ? [{ ko: '설치합니다', en: 'Install', commands: [...enter, ...prepare] }] : []),
    ...(needs === undefined ? [] : [{ ...needs, commands: [] }]),
    {
      ko: hasOwnSandbox ? '샌드박스를 켜 둡니다' : 'sspay를 설치한 폴더에서 샌드박스를 켜 둡니다',
      en: hasOwnSandbox
        ? 'Keep the sandbox running'
        : 'Keep the sandbox running, in the folder where sspay is installed',
      commands: ['npx sspay sandbox'],
    },
    {
      ko: '다른 터미널에서 쇼핑몰을 켜고 http://localhost:4700 에서 결제합니다',
      en: 'Start the shop in another terminal, and pay at http://localhost:4700',
      commands: [...enter, ...start],
    },
    {
      ko: '재통보를 이 쇼핑몰에서 받습니다(샌드박스와 같은 폴더에서)',
      en: 'Receive notifications in this shop (in the folder of the sandbox)',
      commands: [
        `npx sspay merchants set ${testMerchant.merchantId} --notify-url http://localhost:4700${notificationPath}`,
      ],
    },
  ]
}

const block = ({ commands }: Step): string =>
  commands.length === 0 ? '' : `\n   \`\`\`sh\n   ${commands.join('\n   ')}\n   \`\`\`\n`

const blocks = (steps: readonly Step[], language: 'ko' | 'en'): string =>
  steps.map((step, index) => `${index + 1}. ${step[language]}\n${block(step)}`).join('\n')

/** Korean first. The commands are the same in PowerShell. */
export function writeReadme(name: string, framework: Framework): string {
  const steps = nextSteps(framework)
  return `# ${name}

SS-Pay로 결제하는 가장 작은 쇼핑몰입니다(${framework.ko}). 명령은 PowerShell에서도 같습니다.

${blocks(steps, 'ko')}
\`.env\`에는 샌드박스의 공개 테스트 가맹점만 있습니다. 운영에서는 발급받은 값을 환경 변수로 주고, 커밋하지 마세요. 주문 표와 로그인한 회원은 쇼핑몰의 것으로 바꾸세요.

## In English

The smallest shop that is paid with SS-Pay (${framework.en}). The commands are the same in PowerShell.

${blocks(steps, 'en')}
\`.env\` holds the public test merchant of the sandbox and nothing else. In production pass your own values as environment variables, and never commit them. Replace the orders table and the customer with those of your shop.
`
}
