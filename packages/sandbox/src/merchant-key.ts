import { Secret } from '@sspay/gateway/tools'
import type { LocalizedText } from '@sspay/protocol'
import { nonEmpty, UsageError } from './addresses.ts'
import type { Options, Values } from './command-line/command.ts'
import { readRequired } from './command-line/read-input.ts'
import type { Terminal } from './terminal.ts'
import { testMerchant } from './test-merchant.ts'

/** The sources of a MerchantKey; never the command line itself. */
export const keyOptions = {
  'key-file': {
    value: 'FILE',
    ko: '상점키만 들어 있는 파일. 없으면 환경 변수 SSPAY_MERCHANT_KEY',
    en: 'a file with nothing but the MerchantKey; default: the variable SSPAY_MERCHANT_KEY',
  },
  sandbox: { ko: '공개된 테스트 가맹점의 키', en: 'the key of the public test merchant' },
} as const satisfies Options

const rejectedKey: LocalizedText = {
  ko: '상점키는 인자로 받지 않습니다. 인자는 ps와 셸 기록에 남습니다. --key-file FILE, SSPAY_MERCHANT_KEY, --sandbox 중 하나를 쓰세요',
  en: 'a key as an argument would be visible in ps and the shell history; use --key-file FILE, SSPAY_MERCHANT_KEY or --sandbox',
}

export const rejectedKeys = { key: rejectedKey, 'merchant-key': rejectedKey } as const

export interface GivenKey {
  readonly merchantKey: Secret
  /** The option, variable or file, for messages. */
  readonly source: string
}

/** Undefined without a key. Throws a usage error for an invalid one. */
export async function findMerchantKey(
  { sandbox, 'key-file': file }: Values<typeof keyOptions>,
  { environment }: Pick<Terminal, 'environment'>,
): Promise<GivenKey | undefined> {
  if (sandbox) return { merchantKey: testMerchant.merchantKey, source: '--sandbox' }
  const variable = nonEmpty(environment.SSPAY_MERCHANT_KEY)
  if (file === undefined && variable === undefined) return undefined
  const source = file === undefined ? 'SSPAY_MERCHANT_KEY' : file
  const text =
    file === undefined
      ? variable
      : Buffer.from(await readRequired(file, '--key-file '))
          .toString()
          .trim()
  if (text === undefined || !/^[\x21-\x7E]{32,}$/.test(text))
    throw new UsageError({
      ko: `${source}: 상점키가 아닙니다. 상점키는 빈칸 없는 32자 이상(보통 88자)입니다`,
      en: `${source}: not a MerchantKey, which has at least 32 (usually 88) characters without blanks`,
    })
  return { merchantKey: new Secret(text), source }
}

/** Throws a usage error without a key. */
export async function requireMerchantKey(
  values: Values<typeof keyOptions>,
  terminal: Pick<Terminal, 'environment'>,
): Promise<GivenKey> {
  const found = await findMerchantKey(values, terminal)
  if (found !== undefined) return found
  throw new UsageError({
    ko: '상점키가 필요합니다: --key-file FILE, 환경 변수 SSPAY_MERCHANT_KEY, 또는 --sandbox(테스트 가맹점)',
    en: 'the MerchantKey is missing: --key-file FILE, the variable SSPAY_MERCHANT_KEY, or --sandbox for the test merchant',
  })
}
