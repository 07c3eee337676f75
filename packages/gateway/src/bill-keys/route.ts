import {
  type BillKeyChargeRequest,
  type BillKeyDeletionRequest,
  type BillKeyRegistrationRequest,
  billKeyChargeRequest,
  billKeyDeletionRequest,
  billKeyDeletionResult,
  billKeyRegistrationRequest,
  billKeySuccesses,
  describeProblem,
  type FieldTable,
  koreanTimestamp,
  type Message,
  type ResultReason,
  readMessage,
  sealedEnvelope,
} from '@sspay/protocol'
import { writeWritable } from '@sspay/protocol/internal'
import {
  billKeyChargeChecksum,
  billKeyDeletionChecksum,
  billKeyRequestChecksum,
  signatureMatches,
} from '@sspay/protocol/signature'
import { partsAddUp } from '../approval/model.ts'
import type { ApprovalContext } from '../approval/record-outcome.ts'
import { writeChargeRejection } from '../approval/write-answer.ts'
import { codeAndMessage, jsonAnswer } from '../http/answer.ts'
import { readJsonOrForm } from '../http/read-body.ts'
import { type Merchant, mayTakePayments } from '../merchants/model.ts'
import { openEnvelope } from '../merchants/open-envelope.ts'
import { noteCall, noteExplanation } from '../request-log/notes.ts'
import { recordSecurityEvent } from '../security-events/record.ts'
import { chargeBillKey } from './charge.ts'
import { deleteBillKey } from './delete.ts'
import { registerBillKey } from './register.ts'
import { describeIssued, writeRejectedResult, writeResult } from './write-result.ts'

type Route = (request: Request) => Promise<Response>

/** A request that its merchant has encrypted. */
interface Opened<Value> {
  readonly request: Value
  readonly merchant: Merchant
  readonly merchantKey: string
}

interface EncryptedCall<Table extends FieldTable> {
  readonly table: Table
  /** Undefined when the request is right. */
  rejectionOf(opened: Opened<Message<Table>>): ResultReason | undefined
  answer(opened: Opened<Message<Table>>): Promise<string>
  writeRejection(reason: ResultReason, detail?: string, request?: Message<Table>): string
}

/** The sealed envelope in, plain JSON out, always HTTP 200. */
const encryptedRoute =
  <Table extends FieldTable>(gateway: ApprovalContext, name: string, call: EncryptedCall<Table>): Route =>
  async (httpRequest) => {
    const rejected = (reason: ResultReason, detail?: string, request?: Message<Table>, merchant?: Merchant) => {
      const merchantId = merchant?.merchantId
      gateway.log.warn('bill_key_call_rejected', { call: name, reason, merchantId })
      if (reason === 'sealed_body_invalid' || reason === 'checksum_wrong')
        recordSecurityEvent(gateway, { name: 'signature_rejected', reason, merchantId })
      return jsonAnswer(call.writeRejection(reason, detail, request))
    }
    const body = await readJsonOrForm(httpRequest, gateway.settings.bodyLimitBytes)
    if (!body.ok) {
      noteExplanation(httpRequest, body.explanation)
      return rejected(body.reason, body.explanation?.words.ko)
    }
    const envelope = readMessage(sealedEnvelope, body.fields)
    const opened = envelope.ok ? await openEnvelope(gateway, envelope.value) : undefined
    if (opened === undefined) return rejected('sealed_body_invalid')
    const { merchant, fields, key: merchantKey } = opened
    noteCall(httpRequest, { merchantId: merchant.merchantId, encrypted: fields })
    const read = readMessage(call.table, fields)
    if (!read.ok) {
      const detail = read.problems.map((problem) => describeProblem(problem).ko).join(' ')
      return rejected('field_invalid', detail, undefined, merchant)
    }
    const given = { request: read.value, merchant, merchantKey }
    const reason = call.rejectionOf(given)
    if (reason === 'sealed_body_invalid') return rejected(reason, undefined, undefined, merchant)
    if (reason !== undefined) return rejected(reason, undefined, read.value, merchant)
    return jsonAnswer(await call.answer(given))
  }

/** Another merchant's id inside is answered like a body that cannot be decrypted. */
function rejectCommon(
  { merchant }: Pick<Opened<unknown>, 'merchant'>,
  merchantId: string,
  isSigned: boolean,
): ResultReason | undefined {
  if (merchantId !== merchant.merchantId) return 'sealed_body_invalid'
  if (!isSigned) return 'checksum_wrong'
  return merchant.billKeys === undefined ? 'bill_keys_off' : undefined
}

/** ssbbill.do: charges a bill key. */
export const billKeyChargeRoute = (gateway: ApprovalContext): Route =>
  encryptedRoute(gateway, 'charge', {
    table: billKeyChargeRequest,
    rejectionOf: chargeRejection,
    answer: (opened) => chargeBillKey(gateway, opened),
    writeRejection: (reason, detail, request) =>
      writeChargeRejection(request === undefined ? {} : orderOf(request), reason, detail),
  })

const orderOf = ({ merchantId, orderId, amount }: BillKeyChargeRequest) => ({ merchantId, orderId, amount })

function chargeRejection(opened: Opened<BillKeyChargeRequest>): ResultReason | undefined {
  const { request, merchant } = opened
  const { billKey, merchantId, amount, installmentMonths = 0 } = request
  const expected = billKeyChargeChecksum({ billKey, merchantId, amount: String(amount) })
  const reason = rejectCommon(opened, merchantId, signatureMatches(request.checksum, expected))
  if (reason !== undefined) return reason
  if (amount < merchant.minimumAmount) return 'amount_below_minimum'
  const { taxableAmount, vatAmount, taxFreeAmount, serviceAmount } = request
  if (!partsAddUp(amount, [taxableAmount, vatAmount, taxFreeAmount, serviceAmount])) return 'tax_split_wrong'
  return installmentMonths > 0 && amount < installmentMinimumAmount ? 'installment_below_minimum' : undefined
}

/** Won, as in the payment window (Q31). */
const installmentMinimumAmount = 50_000

/** urlCallCardReg.do: issues a bill key from a card number. */
export const billKeyRegistrationRoute = (gateway: ApprovalContext): Route =>
  encryptedRoute(gateway, 'registration', {
    table: billKeyRegistrationRequest,
    rejectionOf: registrationRejection,
    async answer({ merchant, merchantKey, request }) {
      const { billKeys: policy, merchantId } = merchant
      if (policy === undefined) return writeRejectedResult(knownOf(request), 'bill_keys_off')
      const registered = await registerBillKey(gateway, { merchant, policy, request })
      gateway.log.info('bill_key_registration', { merchantId, reason: registered.ok ? 'issued' : registered.reason })
      if (!registered.ok) return writeRejectedResult(knownOf(request), registered.reason)
      return writeResult(await describeIssued(gateway, registered.key, { known: knownOf(request), merchantKey }))
    },
    writeRejection: (reason, detail, request) =>
      writeRejectedResult(request === undefined ? {} : knownOf(request), reason, detail),
  })

const knownOf = ({ paymentMethod, merchantId, orderId, customerId, merchantNote }: BillKeyRegistrationRequest) => ({
  ...{ paymentMethod, merchantId, customerId },
  ...(orderId === undefined ? {} : { orderId }),
  ...(merchantNote === undefined ? {} : { merchantNote }),
})

function registrationRejection(opened: Opened<BillKeyRegistrationRequest>): ResultReason | undefined {
  const { request, merchant } = opened
  const { merchantId, orderId = '', requestedAt } = request
  const expected = billKeyRequestChecksum({ requestedAt: koreanTimestamp(requestedAt), merchantId, orderId })
  const reason = rejectCommon(opened, merchantId, signatureMatches(request.checksum, expected))
  if (reason !== undefined) return reason
  if (request.easyPayMerchantId !== merchant.easyPayMerchantId) return 'easy_pay_merchant_mismatch'
  return mayTakePayments(merchant) ? undefined : 'merchant_unusable'
}

/** ssbdel.do: deletes a bill key. */
export const billKeyDeletionRoute = (gateway: ApprovalContext): Route =>
  encryptedRoute(gateway, 'deletion', {
    table: billKeyDeletionRequest,
    rejectionOf: deletionRejection,
    async answer({ merchant: { merchantId }, request }) {
      const result = await deleteBillKey(gateway, { billKey: request.billKey, merchantId })
      gateway.log.info('bill_key_deletion', { merchantId, reason: result })
      if (result !== 'deleted') return writeDeletion(request, codeAndMessage(result, undefined, 80))
      const { code, ko } = billKeySuccesses.deleted
      return writeDeletion(request, { resultCode: code, resultMessage: ko })
    },
    writeRejection: (reason, detail, request) => writeDeletion(request, codeAndMessage(reason, detail, 80)),
  })

const writeDeletion = (
  request: BillKeyDeletionRequest | undefined,
  result: { readonly resultCode: string; readonly resultMessage: string },
): string => {
  const { easyPayMerchantId, merchantNote } = request ?? {}
  return JSON.stringify(writeWritable(billKeyDeletionResult, { ...result, easyPayMerchantId, merchantNote }).written)
}

function deletionRejection(opened: Opened<BillKeyDeletionRequest>): ResultReason | undefined {
  const { request, merchant } = opened
  const expected = billKeyDeletionChecksum(request)
  const isSigned = signatureMatches(request.deletionChecksum, expected)
  const reason = rejectCommon(opened, request.merchantId, isSigned)
  // Keys of a merchant without the contract can still be deleted.
  if (reason !== undefined && reason !== 'bill_keys_off') return reason
  return request.easyPayMerchantId === merchant.easyPayMerchantId ? undefined : 'easy_pay_merchant_mismatch'
}
