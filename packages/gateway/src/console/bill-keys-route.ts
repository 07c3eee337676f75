import type { WireText } from '@sspay/protocol'
import { Hono } from 'hono'
import { listPayments, newestCharges } from '../approval/store.ts'
import { isJson, isSameOrigin } from '../browser-safety/same-origin.ts'
import type { SessionVariables } from '../browser-safety/session-cookie.ts'
import { readForm, readJson } from '../http/read-body.ts'
import { recordSecurityEvent } from '../security-events/record.ts'
import type { BillKey } from '../vault/bill-keys/model.ts'
import { findBillKeyById, listBillKeys } from '../vault/bill-keys/store.ts'
import { issuerNameOf } from '../vault/model.ts'
import { findShownCard } from '../vault/store.ts'
import { billKeyPage, billKeysPage, type ShownBillKey } from './bill-keys-page.ts'
import { keyCursorText, rangeOfKeys, readAskedKeys, readKeyCursor } from './bill-keys-range.ts'
import { type EndContext, type EndResult, endByOperator, endSection, isEndForm } from './end-bill-key.ts'
import { type ConsoleLink, consolePage } from './frame.ts'
import { jsonAnswer, messagePage, pageOf, readLimit } from './parts.ts'
import { paymentsCss } from './payments-page.ts'
import { addressOf, cursorText, readCursor } from './payments-range.ts'
import { billKeyEndText } from './wording.ts'

const pageSize = 30
const bodyLimitBytes = 4_096
const back = { href: '/bill-keys', ko: '빌링키 목록' }

const statusOf: Readonly<Record<EndResult, number>> = { ended: 200, unknown: 404, not_active: 409 }

async function showAll(context: EndContext, keys: readonly BillKey[]): Promise<readonly ShownBillKey[]> {
  const charges = await newestCharges(
    context,
    keys.map(({ billKeyId }) => billKeyId),
  )
  const cards = await Promise.all(keys.map((key) => findShownCard(context, key)))
  return keys.map((key, index) => ({ ...key, card: cards[index], lastCharge: charges.get(key.billKeyId) }))
}

/** Of a key without itself, as JSON writes it. */
const written = ({ card, lastCharge, endedAt, ...key }: ShownBillKey) => ({
  ...key,
  endedAt: endedAt ?? null,
  card:
    card === undefined ? null : { maskedCardNumber: card.maskedCardNumber, issuerName: issuerNameOf(card.issuerCode) },
  lastCharge: lastCharge ?? null,
})

const isKeyId = (text: string): boolean => /^[0-9a-f]{32}$/.test(text)

const findKey = async (context: EndContext, billKeyId: string): Promise<BillKey | undefined> =>
  isKeyId(billKeyId) ? findBillKeyById(context, billKeyId) : undefined

async function findShown(context: EndContext, billKeyId: string): Promise<ShownBillKey | undefined> {
  const key = await findKey(context, billKeyId)
  return key && (await showAll(context, [key]))[0]
}

/** The pages of the bill keys, and the same as JSON for the command line. */
export const billKeyRoutes = (gateway: EndContext, links: readonly ConsoleLink[]): Hono<SessionVariables> =>
  new Hono<SessionVariables>()
    .get('/bill-keys', async ({ req }) => {
      const asked = readAskedKeys(req.query())
      const before = readKeyCursor(req.query('before'))
      const found = await listBillKeys(gateway, { ...rangeOfKeys(asked, before), limit: pageSize + 1 })
      const { shown, older } = pageOf(found, pageSize, (last) => addressOf(back.href, asked, keyCursorText(last)))
      const keys = await showAll(gateway, shown)
      const isFirst = before === undefined
      const body = billKeysPage({ keys, asked, isFirst, older })
      return consolePage({ title: '빌링키', active: back.href, body, links, css: paymentsCss, isLive: isFirst })
    })
    .get('/bill-keys/:billKeyId', async ({ req, var: { session } }) => {
      const key = await findShown(gateway, req.param('billKeyId'))
      if (key === undefined) return notFound(links)
      const { billKeyId } = key
      const before = readCursor(req.query('before'))
      const found = await listPayments(gateway, { billKeyId, before, limit: pageSize + 1 })
      const { shown: charges, older } = pageOf(
        found,
        pageSize,
        (last) => `/bill-keys/${billKeyId}?before=${cursorText(last)}`,
      )
      const isFirst = before === undefined
      const body = billKeyPage(key, { charges, older, isFirst, endForm: endSection(gateway, key, session) })
      return consolePage({ title: '빌링키', active: back.href, body, links, isLive: isFirst })
    })
    .post('/bill-keys/end', async ({ req, var: { session } }) => {
      const form = await readForm(req.raw, bodyLimitBytes)
      const { billKeyId = '', token }: WireText = form.ok ? form.fields : {}
      if (!isEndForm(gateway, req.raw, { billKeyId, token, session })) {
        recordSecurityEvent(gateway, { name: 'console_action_rejected', action: 'end_bill_key' })
        return rejection('이 화면에서 누른 단추가 아닙니다. 빌링키 화면에서 다시 눌러 주세요.', links)
      }
      const result = await endByOperator(gateway, billKeyId)
      if (result !== 'ended') return rejection(billKeyEndText[result].ko, links)
      return new Response(null, { status: 303, headers: { location: `/bill-keys/${billKeyId}` } })
    })
    .route('/', apiRoutes(gateway))

const apiRoutes = (gateway: EndContext): Hono<SessionVariables> =>
  new Hono<SessionVariables>()
    .get('/api/bill-keys', async ({ req }) => {
      const limit = readLimit(req.query('limit'))
      const found = await listBillKeys(gateway, { ...rangeOfKeys(readAskedKeys(req.query())), limit })
      const keys = await showAll(gateway, found)
      return jsonAnswer(200, { billKeys: keys.map(written) })
    })
    .get('/api/bill-keys/:billKeyId', async ({ req }) => {
      const key = await findShown(gateway, req.param('billKeyId'))
      return key === undefined ? unknownKey() : jsonAnswer(200, { billKey: written(key) })
    })
    .get('/api/bill-keys/:billKeyId/charges', async ({ req }) => {
      const billKeyId = req.param('billKeyId')
      if ((await findKey(gateway, billKeyId)) === undefined) return unknownKey()
      const charges = await listPayments(gateway, { billKeyId, limit: readLimit(req.query('limit')) })
      return jsonAnswer(200, { charges })
    })
    .post('/api/bill-keys/end', async ({ req }) => {
      const body = await readJson(req.raw, bodyLimitBytes)
      const billKeyId = body.ok ? (body.fields.billKeyId ?? '') : ''
      if (!isJson(req.raw) || !isSameOrigin(req.raw) || !isKeyId(billKeyId)) {
        recordSecurityEvent(gateway, { name: 'console_action_rejected', action: 'end_bill_key' })
        return jsonAnswer(400, { result: 'unreadable' })
      }
      const result = await endByOperator(gateway, billKeyId)
      return jsonAnswer(statusOf[result], { result, message: billKeyEndText[result].ko })
    })

const unknownKey = (): Response => jsonAnswer(404, { result: 'unknown', message: billKeyEndText.unknown.ko })

const notFound = (links: readonly ConsoleLink[]): Promise<Response> =>
  messagePage({
    status: 404,
    title: '빌링키',
    heading: billKeyEndText.unknown.ko,
    text: '빌링키 번호를 확인해 주세요.',
    links,
    back,
  })

const rejection = (text: string, links: readonly ConsoleLink[]): Promise<Response> =>
  messagePage({ status: 400, title: '빌링키 종료', heading: '종료하지 않았습니다', text, links, back })
