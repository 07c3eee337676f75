import { type Setting, settingsTable } from '../../packages/gateway/src/settings.ts'

/** Without these a gateway does not start. */
const required: Readonly<Record<string, string>> = {
  SSPAY_DATA: '/var/lib/sspay',
  SSPAY_CARD_NETWORK_URL: 'https://card-network.example',
  SSPAY_IDENTITY_URL: 'https://identity.example',
}

const heading = `# Environment of sspay-gateway: /etc/sspay/gateway.env, chmod 600. One variable a line, no quotes, no comments after values.
# sspay-gateway의 환경 변수입니다. 한 줄에 하나씩, 따옴표 없이 적습니다. 설명은 docs/guides/ko/operating.md에 있습니다.
`

function lineOf([name, { ko, en, default: usual, unit }]: readonly [string, Setting]): string {
  const comments = [...ko.split('\n'), ...en.split('\n'), ...(unit === undefined ? [] : [`(${unit})`])]
  const value = required[name]
  const line = value === undefined ? `#${name}=${usual ?? ''}` : `${name}=${value}`
  return `${comments.map((comment) => `# ${comment}`).join('\n')}\n${line}\n`
}

/** `docs/operating/gateway.env`: every setting with its default; those that are required with an example. */
export const renderEnvironmentFile = (): string =>
  [heading, ...Object.entries<Setting>(settingsTable).map(lineOf)].join('\n')
