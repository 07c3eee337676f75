import type { LocalizedText } from '../../packages/protocol/src/field-table.ts'
import { fillCode } from './fill-code.ts'
import { firstPaymentSections } from './first-payment-sections.ts'
import type { Language } from './language.ts'
import { shell } from './markdown.ts'
import type { Shown, StartServer } from './start-servers.ts'

const words = {
  sandbox: { ko: '1. 샌드박스를 켭니다', en: '1. Start the sandbox' },
  sandboxAbout: {
    ko: '저장소를 받은 폴더에서 실행합니다. 결제 서비스, 가상 카드사, 휴대폰이 켜집니다. 저장소 없이 빈 폴더에서 시작한다면 [패키지로 시작하기](packages.md)를 보세요.',
    en: 'Run this in the folder of the repository. It starts the gateway, a simulated card network and a simulated phone. To start from an empty folder without the repository, see [start from the packages](packages.md).',
  },
  shop: { ko: '2. 예제 쇼핑몰을 켭니다', en: '2. Start the example shop' },
  shopAbout: {
    ko: '다른 터미널에서 실행합니다. 명령은 PowerShell에서도 같습니다([Windows](index.md#windows)).',
    en: 'Run this in another terminal. The commands are the same in PowerShell ([Windows](index.md#windows)).',
  },
  environmentAbout: {
    ko: '환경 변수는 예제의 `.env.example` 그대로입니다. 샌드박스의 공개 테스트 가맹점이므로 복사해서 쓸 수 있습니다.',
    en: 'The environment variables are those of `.env.example`. They hold the public test merchant of the sandbox, so you can copy them.',
  },
  code: { ko: '코드', en: 'The code' },
  lose: { ko: '응답을 잃어 보기', en: 'Lose an answer' },
  loseAbout: {
    ko: '이제 승인 응답을 중간에 끊고 다시 결제해 보세요. 주문이 “확인 중”이 되었다가, 누르지 않아도 결제 완료가 됩니다. 복구는 1분마다 실행되고, 재통보가 먼저 오면 더 빠릅니다.',
    en: 'Cut off the answer of an approval and pay again. The order is “being checked” at first and then becomes paid without any click: the recovery runs every minute, and a notification may arrive sooner.',
  },
  own: { ko: '내 쇼핑몰로', en: 'Use it in your shop' },
} as const satisfies Record<string, LocalizedText>

const ownSteps = ({ keys }: StartServer): Readonly<Record<Language, readonly string[]>> => ({
  ko: [
    '주문 표를 내 것으로 바꿉니다. 상태는 기다림, 결제됨, 닫힘 셋이면 됩니다.',
    '고객 번호를 로그인한 회원의 번호로 바꿉니다. 영문과 숫자 20자 이하입니다([회원](../../guides/ko/members.md)).',
    keys.ko,
    '[테스트하기](../../guides/ko/testing.md)의 여섯 가지를 해 보고, [운영 전 점검표](../../guides/ko/going-live.md)를 지나갑니다.',
  ],
  en: [
    'Replace the orders table with yours. Three states are enough: waiting, paid, closed.',
    'Replace the customer id with the id of the logged-in customer: at most 20 letters and digits ([members](../../guides/en/members.md)).',
    keys.en,
    'Try the six cases of [testing](../../guides/en/testing.md), then follow the checklist of [going live](../../guides/en/going-live.md).',
  ],
})

const allCode = ({ name, main, shares }: StartServer, files: readonly string[]): LocalizedText => {
  const links = files.map(
    (file) => `[\`${file}\`](../../../examples/${name}/${file.replaceAll(/[[\]]/g, encodeURIComponent)})`,
  )
  return {
    ko: `[예제의 모든 파일](../../../examples/${name}/${main})을 ${shares === undefined ? '그대로' : `[${shares} 예제](${shares}.md)의 \`sspay\` 폴더와 함께`} 저장하면 실행됩니다: ${links.join(', ')}. 아래는 그 파일들에서 가져온 것입니다.`,
    en: `[All files of the example](../../../examples/${name}/${main}) run ${shares === undefined ? 'as they are' : `with the folder \`sspay\` of the [${shares} example](${shares}.md)`}: ${links.join(', ')}. The excerpts below come from them.`,
  }
}

const environmentOf = ({ name }: StartServer): string =>
  `<!-- from examples/${name}/.env.example -->\n\`\`\`ini\n\`\`\``

/** The ten-minute start page of one server. Throws when it refers to code that does not exist. */
export function renderStartPage(
  language: Language,
  server: StartServer,
  readSource: (path: string) => string | undefined,
  files: readonly string[],
): string {
  const t = (given: LocalizedText): string => given[language]
  const parts = [
    `# ${server.title}`,
    t(server.about),
    `## ${t(words.sandbox)}`,
    t(words.sandboxAbout),
    shell('npm ci', 'npm start'),
    `## ${t(words.shop)}`,
    `${t(words.shopAbout)} ${t(server.needs)}`,
    shell(...server.run),
    ...(files.includes('.env.example') ? [t(words.environmentAbout), environmentOf(server)] : []),
    ...firstPaymentSections(language, { notificationUrl: server.notificationUrl, firstNumber: 3 }),
    `## ${t(words.code)}`,
    t(allCode(server, files)),
    ...server.shown.map((shown, index) => renderShown(language, server, shown, server.shown[index - 1])),
    `## ${t(words.lose)}`,
    t(words.loseAbout),
    shell('npx sspay faults add approval cut=10 --times 1'),
    `## ${t(words.own)}`,
    ownSteps(server)
      [language].map((step, index) => `${index + 1}. ${step}`)
      .join('\n'),
  ]
  const { text, faults } = fillCode(`${parts.join('\n\n')}\n`, readSource)
  if (faults.length > 0)
    throw new Error(`the page of ${server.name} shows code that is not there: ${faults.join(', ')}`)
  return text
}

/** Two excerpts on one subject share a heading. */
function renderShown(language: Language, server: StartServer, shown: Shown, before: Shown | undefined): string {
  const block = `<!-- from examples/${server.name}/${shown.from} -->\n\`\`\`${languageOf(server, shown)}\n\`\`\``
  if (before?.title === shown.title) return block
  return `### ${shown.title[language]}\n\n${shown.about[language]}\n\n${block}`
}

const languageOf = (server: StartServer, { from }: Shown): string =>
  from.startsWith(server.main)
    ? server.language
    : (/^[^:]*\.(\w+)/.exec(from)?.[1]?.replace(/^py$/, 'python').replace(/^jsp$/, 'html') ?? '')
