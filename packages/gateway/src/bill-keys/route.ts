import {
  type BillKeyChargeRequest,
  billKeyChargeRequest,
  billKeyDeletionRequest,
  billKeyDeletionResult,
  billKeyRegistrationRequest,
  billKeySuccesses,
  koreanTimestamp,
  type ResultReason,
  type WireText,
} from '@sspay/protocol'
import { type AcceptedRequest, textOf, writeWritable } from '@sspay/protocol/internal'
import {
  billKeyChargeChecksum,
  billKeyDeletionChecksum,
  billKeyRequestChecksum,
  signatureMatches,
  signPaymentRequest,
} from '@sspay/protocol/signature'
import { installmentMinimumAmount, partsAddUp } from '../approval/model.ts'
import type { ApprovalContext } from '../approval/record-outcome.ts'
import { writeRegistrationId } from '../approval/transaction-id.ts'
import { writeRejection } from '../approval/write-answer.ts'
import type { Context } from '../context.ts'
import { codeAndMessage, jsonAnswer } from '../http/answer.ts'
import type { Merchant } from '../merchants/model.ts'
import { randomBelow } from '../runtime.ts'
import { endBillKey, findBillKey } from '../vault/bill-keys/store.ts'
import { createCardAttempts } from './card-attempts.ts'
import { chargeBillKey, reasonOfEnd, rejectCharge } from './charge.ts'
import { readBillKeyCall, reportRejection } from './read-call.ts'
import { registerBillKey } from './register.ts'
import { writeIssued, writeNotIssued } from './write-result.ts'

type Route = (request: Request) => Promise<Response>

/** The values of these fields as they travel. */
const valuesOf = <Table extends Parameters<typeof textOf>[0], Name extends string>(
  table: Table,
  fields: WireText,
  ...names: readonly Name[]
): Record<Name, string> =>
  Object.fromEntries(names.map((name) => [name, textOf(table, fields, name) ?? ''])) as Record<Name, string>

/** urlCallCardReg.do: issues a bill key for a card that the shop has asked for. */
export function registrationRoute(gateway: ApprovalContext): Route {
  const context = { ...gateway, cardAttempts: createCardAttempts(gateway) }
  return async (request) => {
    const call = await readBillKeyCall(gateway, request, {
      name: 'bill_key_registration',
      table: billKeyRegistrationRequest,
      isSigned: (value, fields) =>
        signatureMatches(
          value.checksum,
          billKeyRequestChecksum(valuesOf(billKeyRegistrationRequest, fields, 'requestedAt', 'merchantId', 'orderId')),
        ),
    })
    if ('reason' in call) {
      const known = call.fields && valuesOf(billKeyRegistrationRequest, call.fields, 'orderId', 'customerId')
      return jsonAnswer(
        JSON.stringify(writeNotIssued(call.merchant?.merchantId, known ?? {}, call.reason, call.detail)),
      )
    }
    const { merchant, policy, value, key } = call
    const { orderId, customerId, merchantNote, answerCharset, paymentMethod } = value
    const repeated = { orderId, customerId, merchantNote, answerCharset, paymentMethod }
    const { merchantId } = merchant
    const now = gateway.runtime.now()
    const transactionId = writeRegistrationId(merchantId, now, randomBelow(gateway.runtime, 10_000))
    const result = await registerBillKey(context, { merchant, policy, request: value, transactionId })
    if ('reason' in result) reportRejection(gateway, { reason: result.reason, merchant })
    const written =
      'reason' in result
        ? writeNotIssued(merchantId, repeated, result.reason)
        : writeIssued({ merchantId, key }, repeated, result)
    return jsonAnswer(JSON.stringify(written))
  }
}

/** ssbbill.do: a payment with a bill key. The answer is that of an approval. */
export const chargeRoute =
  (gateway: ApprovalContext): Route =>
  async (request) => {
    const call = await readBillKeyCall(gateway, request, {
      name: 'bill_key_charge',
      table: billKeyChargeRequest,
      isSigned: (value, fields) =>
        signatureMatches(
          value.checksum,
          billKeyChargeChecksum(valuesOf(billKeyChargeRequest, fields, 'billKey', 'merchantId', 'amount')),
        ),
    })
    if ('reason' in call) return jsonAnswer(writeRejection({ transactionId: '' }, call.reason, call.detail))
    const { merchant, value, key: merchantKey } = call
    const accepted = acceptedOf(value, merchant, merchantKey)
    const found = await findBillKey(gateway, value.billKey)
    const key = found?.merchantId === merchant.merchantId ? found : undefined
    const broken = key === undefined ? 'bill_key_unknown' : brokenRule(value, merchant)
    if (key === undefined || broken !== undefined) {
      reportRejection(gateway, { reason: broken ?? 'bill_key_unknown', merchant })
      return jsonAnswer(rejectCharge({ request: accepted }, broken ?? 'bill_key_unknown'))
    }
    return jsonAnswer(await chargeBillKey(gateway, { merchant, key, request: accepted }))
  }

/** As a payment request, signed with the shop's key, so that the answers are signed with that one. */
function acceptedOf(charge: BillKeyChargeRequest, merchant: Merchant, merchantKey: string): AcceptedRequest {
  const { billKey: _billKey, checksum: _checksum, requestedAt, ...given } = charge
  const { merchantId, amount } = charge
  const wire = { requestedAt: koreanTimestamp(requestedAt), merchantId, amount: String(amount) }
  return {
    ...given,
    requestedAt,
    paymentMethod: 'CARD',
    easyPayMerchantId: merchant.easyPayMerchantId,
    signature: signPaymentRequest(wire, merchantKey),
  }
}

function brokenRule(charge: BillKeyChargeRequest, merchant: Merchant): ResultReason | undefined {
  const { amount, taxableAmount, vatAmount, taxFreeAmount, serviceAmount, installmentMonths = 0 } = charge
  if (amount < merchant.minimumAmount) return 'amount_below_minimum'
  if (!partsAddUp(amount, [taxableAmount, vatAmount, taxFreeAmount, serviceAmount])) return 'tax_split_wrong'
  return installmentMonths > 0 && amount < installmentMinimumAmount ? 'installment_below_minimum' : undefined
}

const noValues = { easyPayMerchantId: undefined, merchantNote: undefined }

/** ssbdel.do: ends one bill key. */
export const deletionRoute =
  (context: Context): Route =>
  async (request) => {
    const call = await readBillKeyCall(context, request, {
      name: 'bill_key_deletion',
      table: billKeyDeletionRequest,
      isSigned: (value) => signatureMatches(value.deletionChecksum, billKeyDeletionChecksum(value)),
    })
    const reason = 'reason' in call ? call.reason : await deleteKey(context, call)
    const detail = 'reason' in call ? call.detail : undefined
    const { easyPayMerchantId, merchantNote } = 'reason' in call ? noValues : call.value
    if (!('reason' in call) && reason !== undefined) reportRejection(context, { reason, merchant: call.merchant })
    const { code, ko } = billKeySuccesses.deleted
    // The guide gives the message of a deletion 80 characters.
    const outcome = reason === undefined ? { resultCode: code, resultMessage: ko } : codeAndMessage(reason, detail, 80)
    return jsonAnswer(
      JSON.stringify(writeWritable(billKeyDeletionResult, { ...outcome, easyPayMerchantId, merchantNote }).written),
    )
  }

/** Undefined when the key has ended by this call. */
async function deleteKey(
  context: Context,
  { merchant: { merchantId }, value: { billKey } }: { merchant: Merchant; value: { readonly billKey: string } },
): Promise<ResultReason | undefined> {
  const key = await findBillKey(context, billKey)
  if (key?.merchantId !== merchantId) return 'bill_key_unknown'
  const ending = { state: 'deleted', at: context.runtime.now() } as const
  if (await context.storage.transact((transaction) => endBillKey(transaction, key.billKeyId, ending))) {
    context.log.info('bill_key_deleted', { merchantId })
    return undefined
  }
  return reasonOfEnd((await findBillKey(context, billKey))?.state)
}
