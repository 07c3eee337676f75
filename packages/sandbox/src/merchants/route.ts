import { type ConsoleLink, MerchantError, NotificationTargetError } from '@sspay/gateway'
import { AddressRejectedError } from '@sspay/gateway/internal'
import type { LocalizedText } from '@sspay/protocol'
import { type Context, Hono } from 'hono'
import { onlyOwnJson, readJson } from '../own-forms.ts'
import { readChange } from './change.ts'
import { addMerchant, changeMerchant, type MerchantContext, showMerchant, showMerchants } from './merchants.ts'
import { merchantsPage } from './page.ts'

export interface MerchantRoutesOptions {
  readonly links: readonly ConsoleLink[]
  /** Origin of the gateway, for the settings of a new shop. */
  readonly gatewayUrl: string
}

const noSuchMerchant = { ko: '그런 상점이 없습니다', en: 'there is no such merchant' }
const idTaken = { ko: 'merchantId: 이미 있는 상점입니다', en: 'merchantId: this merchant already exists' }

/** `/sandbox/merchants`: the page; `/records`: the JSON API, which also adds and changes merchants. */
export const merchantRoutes = (merchants: MerchantContext, { links, gatewayUrl }: MerchantRoutesOptions): Hono =>
  new Hono()
    .get('/', async () => merchantsPage(links, await showMerchants(merchants)))
    .use('/records/*', onlyOwnJson)
    .get('/records', async (context) => context.json({ merchants: await showMerchants(merchants) }))
    .post('/records', async (context) => {
      const read = readChange(await readJson(context), 'ids')
      if (!read.ok) return reject(context, 400, read.problem)
      const added = await addMerchant(merchants, read.ids, read.change)
      return added === undefined ? reject(context, 409, idTaken) : context.json({ ...added, gatewayUrl }, 201)
    })
    .get('/records/:merchantId', async (context) => {
      const merchant = await showMerchant(merchants, context.req.param('merchantId'))
      return merchant === undefined ? reject(context, 404, noSuchMerchant) : context.json({ merchant })
    })
    .post('/records/:merchantId', async (context) => {
      const read = readChange(await readJson(context), 'no ids')
      if (!read.ok) return reject(context, 400, read.problem)
      const merchant = await changeMerchant(merchants, context.req.param('merchantId'), read.change)
      return merchant === undefined ? reject(context, 404, noSuchMerchant) : context.json({ merchant })
    })
    .onError(rejectInvalid)

const reject = (context: Context, status: 400 | 404 | 409, error: LocalizedText): Response =>
  context.json({ error }, status)

const addressRejected = (reason: AddressRejectedError['reason']): LocalizedText => ({
  ko: `notification.url: 재통보를 보낼 수 없는 주소입니다(${reason}). 컨테이너나 사설망의 쇼핑몰이라면 샌드박스를 --private-networks 로 시작하세요`,
  en: `notification.url: notifications cannot be sent to this address (${reason}). For a shop in a container or on a private network start the sandbox with --private-networks`,
})

/** Reports the gateway's own validation errors. */
function rejectInvalid(cause: Error, context: Context): Response {
  if (cause instanceof AddressRejectedError) return reject(context, 400, addressRejected(cause.reason))
  if (!(cause instanceof MerchantError || cause instanceof NotificationTargetError)) throw cause
  const fields = cause.problems.join(', ')
  return reject(context, 400, { ko: `저장할 수 없는 값: ${fields}`, en: `cannot be saved: ${fields}` })
}
