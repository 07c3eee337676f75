import { defineMerchant, type Merchant } from '../merchant.ts'
import {
  type EnvironmentVariables,
  MerchantEnvironmentError,
  readMerchantVariables,
  trimmed,
  type VariableProblem,
} from '../merchant-environment.ts'
import { isCheckoutUrl, longestUrl } from './context.ts'

/** The {@link CheckoutOptions} that belong into environment variables, not into code. */
export interface CheckoutEnvironment {
  readonly merchant: Merchant
  readonly url: string
  readonly cancelPassword?: string
  readonly webhookKeys?: readonly string[]
  readonly recoveryKey?: string
}

/**
 * Reads settings of {@link createCheckout} from environment variables.
 *
 * | variable | meaning |
 * |---|---|
 * | those of `readMerchantConfig` | the merchant |
 * | `SSPAY_CHECKOUT_URL` | public address of the checkout: `https://shop.example/pay`, at most 46 characters |
 * | `SSPAY_CANCEL_PASSWORD` | optional: 취소 비밀번호, six digits |
 * | `SSPAY_WEBHOOK_KEYS` | optional: one or two `whsec_…`, separated by a comma |
 * | `SSPAY_RECOVERY_KEY` | optional: at least 32 characters, for a scheduler that calls `/recover` |
 *
 * @param environment - `process.env`.
 * @returns Options to spread: `createCheckout({ ...readCheckoutConfig(process.env), journal, … })`.
 * @throws {@link MerchantEnvironmentError} with all missing or invalid variables, never with a value.
 */
export function readCheckoutConfig(environment: EnvironmentVariables): CheckoutEnvironment {
  const { config, problems } = readMerchantVariables(environment)
  const settings = {
    url: trimmed(environment.SSPAY_CHECKOUT_URL),
    cancelPassword: optional(environment.SSPAY_CANCEL_PASSWORD),
    webhookKeys: optional(environment.SSPAY_WEBHOOK_KEYS)
      ?.split(',')
      .map((key) => key.trim()),
    recoveryKey: optional(environment.SSPAY_RECOVERY_KEY),
  }
  const wrong = checks.filter(({ isRight }) => !isRight(settings))
  if (problems.length + wrong.length > 0) throw new MerchantEnvironmentError([...problems, ...wrong])
  const { url, cancelPassword, webhookKeys, recoveryKey } = settings
  return {
    merchant: defineMerchant(config),
    url,
    ...(cancelPassword === undefined ? {} : { cancelPassword }),
    ...(webhookKeys === undefined ? {} : { webhookKeys }),
    ...(recoveryKey === undefined ? {} : { recoveryKey }),
  }
}

const optional = (text: string | undefined): string | undefined => trimmed(text) || undefined

interface Settings {
  readonly url: string
  readonly cancelPassword: string | undefined
  readonly webhookKeys: readonly string[] | undefined
  readonly recoveryKey: string | undefined
}

interface Check extends VariableProblem {
  readonly isRight: (settings: Settings) => boolean
}

const checks: readonly Check[] = [
  {
    variable: 'SSPAY_CHECKOUT_URL',
    ko: `결제 주소, 예: https://shop.example/pay. ${longestUrl}자 이하, 이 컴퓨터가 아니면 https`,
    en: `where the checkout answers, like https://shop.example/pay: at most ${longestUrl} characters, https unless it is this machine`,
    isRight: ({ url }) => isCheckoutUrl(url),
  },
  {
    variable: 'SSPAY_CANCEL_PASSWORD',
    ko: '취소 비밀번호, 숫자 6자',
    en: 'the cancel password, six digits',
    isRight: ({ cancelPassword = '000000' }) => /^[0-9]{6}$/.test(cancelPassword),
  },
  {
    variable: 'SSPAY_WEBHOOK_KEYS',
    ko: 'whsec_로 시작하는 재통보 서명 키. 바꿀 때는 새 값, 옛 값을 쉼표로',
    en: 'keys of signed notifications, whsec_…; during a rotation the new one, a comma, the old one',
    isRight: ({ webhookKeys = [] }) => webhookKeys.length <= 2 && webhookKeys.every((key) => /^whsec_\S+$/.test(key)),
  },
  {
    variable: 'SSPAY_RECOVERY_KEY',
    ko: '32자 이상의 비밀 값',
    en: 'a secret of at least 32 characters',
    isRight: ({ recoveryKey = '-'.repeat(32) }) => /^[\x21-\x7E]{32,}$/.test(recoveryKey),
  },
]
