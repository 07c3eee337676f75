import { readFile } from 'node:fs/promises'
import type { MerchantEntry } from '@sspay/gateway/internal'
import type { MerchantConfig } from '@sspay/merchant'
import { UsageError } from '../addresses.ts'
import { untranslated } from '../command-line/language.ts'
import { explainSystemError } from '../system-error.ts'
import { commandLineShop, testMerchant, testMerchantConfig, testOrderSignature } from '../test-merchant.ts'

/** The shop of `sspay pay`. */
export interface PayingShop {
  readonly config: MerchantConfig
  /** No server is asked there: the result is read from the last page of the window. */
  readonly origin: string
  readonly cancelPassword: string
}

export interface ShopOptions {
  /** A merchants file, as `SSPAY_MERCHANTS` of the gateway; undefined: the test merchant. */
  readonly merchantsFile: string | undefined
  /** Undefined: the first merchant of the file that takes payments. */
  readonly merchantId: string | undefined
}

/** Throws {@link UsageError} for a file that cannot be read, or that has no such merchant. */
export async function readPayingShop(options: ShopOptions, gatewayUrl: string): Promise<PayingShop> {
  const { merchantsFile, merchantId } = options
  if (merchantsFile === undefined)
    return {
      config: testMerchantConfig(gatewayUrl),
      origin: commandLineShop,
      cancelPassword: testMerchant.cancelPassword.expose(),
    }
  const entries = await readEntries(merchantsFile)
  const merchant = entries
    .map((entry) => entry.merchant)
    .find((one) => (merchantId === undefined ? one.takesPayments !== false : one.merchantId === merchantId))
  const [origin] = merchant?.allowedOrigins ?? []
  if (merchant === undefined || origin === undefined) {
    const name = merchantId ?? merchantsFile
    throw new UsageError({
      ko: `${name}: 상점 파일에 결제를 받을 상점이 없습니다. sspay-gateway merchants list 로 확인하세요`,
      en: `${name}: no such merchant in the merchants file; see sspay-gateway merchants list`,
    })
  }
  return {
    config: {
      merchantId: merchant.merchantId,
      easyPayMerchantId: merchant.easyPayMerchantId,
      merchantKey: merchant.merchantKey.expose(),
      environment: { origin: gatewayUrl },
      orderSignature: testOrderSignature,
    },
    origin,
    cancelPassword: merchant.cancelPassword.expose(),
  }
}

async function readEntries(file: string): Promise<readonly MerchantEntry[]> {
  // Only this option needs the gateway's modules.
  const { readMerchants } = await import('@sspay/gateway/internal')
  try {
    return readMerchants(file, await readFile(file, 'utf8'))
  } catch (cause) {
    const { ko, en } = explainSystemError(cause) ?? untranslated(cause instanceof Error ? cause.message : String(cause))
    throw new UsageError({ ko: `--merchants: ${ko}`, en: `--merchants: ${en}` })
  }
}
