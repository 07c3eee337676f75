import { type Setting, settingsTable } from './settings.ts'

const nameWidth = 29
const indent = ' '.repeat(nameWidth + 4)

/** Korean and English share a line up to this length. */
const sharedLineLength = 72

function describeSetting([name, setting]: readonly [string, Setting]): string {
  const { isRequired = false, unit } = setting
  const ko = setting.ko + (isRequired ? '(필수)' : '')
  const shown = isRequired ? 'required' : [setting.default, unit].filter((part) => part !== undefined).join(' ')
  const en = setting.en + (setting.default === undefined && !isRequired ? '' : ` (${shown})`)
  const text = ko.length + en.length > sharedLineLength || /\n/.test(ko + en) ? `${ko}\n${en}` : `${ko} / ${en}`
  return `  ${name.padEnd(nameWidth)}  ${text.replaceAll('\n', `\n${indent}`)}\n`
}

/** The output of `sspay-gateway --help`. */
export const gatewayHelp = `sspay-gateway: SS-Pay 간편결제 게이트웨이 / the SS-Pay payment gateway

환경 변수 / environment
${Object.entries<Setting>(settingsTable).map(describeSetting).join('')}
오래된 결제를 파일로 옮기기 / moving old payments into files
  sspay-gateway archive --help

테이블을 이 버전에 맞추기 / bringing the tables up to this version
  sspay-gateway migrate --help

하루의 거래와 합계 / the payments of a day and their totals
  sspay-gateway report --help

매입사 파일과 대사하기 / comparing a day with an acquirer's file
  sspay-gateway reconcile --help

상점을 더하고 바꾸기 / adding and changing merchants
  sspay-gateway merchants --help

SQLite 백업하고 되살리기 / backing SQLite up and restoring it
  sspay-gateway backup --help
  sspay-gateway restore --help

SQLite에서 PostgreSQL로 옮기기 / moving from SQLite to PostgreSQL
  sspay-gateway move --help

결제와 사건 사슬 확인하기 / checking payments and their chains of events
  sspay-gateway verify --help

루트 키 교체하기 / replacing the root key
  sspay-gateway rotate-root-key --help

시작하지 않고 확인하기 / checking without a start
  sspay-gateway check --help

버전 / version
  sspay-gateway --version

SIGHUP은 상점 파일, 인증서, 토큰, 로그 수준을 다시 읽습니다 / SIGHUP reloads merchants, certificates, tokens and log level

개인정보와 카드번호는 루트 키로 암호화합니다. 데이터베이스와 따로 백업하세요.
Everything personal is encrypted with the root key: back it up apart from the database.
`
