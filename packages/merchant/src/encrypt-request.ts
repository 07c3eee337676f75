import { sealedEnvelope, type WireText, writeMessage } from '@sspay/protocol'
import { encryptBody } from '@sspay/protocol/sealed-body'
import type { Merchant } from './merchant.ts'

/** The envelope of a request whose body is encrypted with the merchantKey (guide, SS-PAY 회원 삭제 STEP 2). */
export const encryptRequest = (merchant: Merchant, body: WireText): WireText =>
  writeMessage(sealedEnvelope, {
    sealedBody: encryptBody(body, merchant.exposeMerchantKey()),
    merchantId: merchant.merchantId,
  })
