import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Runtime, realRuntime } from '@sspay/gateway'
import {
  approvalResult,
  cancelResult,
  memberDeletionResult,
  type ResultReason,
  resultCodes,
  writeMessage,
} from '@sspay/protocol'
import { signResult } from '@sspay/protocol/signature'
import { closeThis } from '../../../../test/support/closing.ts'
import { createShop, type Shop } from '../../src/shop/shop.ts'

export const merchantId = 'ssptest01m'
export const merchantKey = 'M6AywGL98l3kGfAPGZNPKoyTHEG+y6VvZQQKh6ZdQC0G1Ocg1/+oekxC/8K/MxMR5XI3+/vOTUABB+Dh7lEi1A=='

type Answer = Readonly<Record<string, unknown>> | undefined

export interface TestGateway extends AsyncDisposable {
  readonly origin: string
  /** What arrived at urlCallApproval.do, in order. An inquiry before it is answered with "not approved yet". */
  readonly approvals: readonly Readonly<Record<string, string>>[]
  /** What urlCallApproval.do says from now on; undefined breaks the connection. */
  answerWith(answer: (given: Readonly<Record<string, string>>) => Answer): void
  /** What ssbMemberDel.do says from now on. */
  deleteWith(reason: ResultReason): void
  /** How often cancel.do was asked; it says that the password is wrong. */
  cancellations(): number
  close(): Promise<void>
}

/** A gateway on loopback that speaks the approval wire and remembers what it was asked. */
async function startTestGateway(): Promise<TestGateway> {
  const approvals: Readonly<Record<string, string>>[] = []
  let answer: (given: Readonly<Record<string, string>>) => Answer = () => undefined
  let deletion: ResultReason = 'member_deleted'
  let cancellations = 0
  const answerTo = (path: string, given: Record<string, string>): Answer => {
    const { code: resultCode, ko: resultMessage } =
      resultCodes[path === 'ssbMemberDel.do' ? deletion : 'not_approved_yet']
    if (path === 'cancel.do') {
      cancellations++
      const { code, ko } = resultCodes.cancel_password_wrong
      return writeMessage(cancelResult, { resultCode: code, resultMessage: ko })
    }
    if (path === 'ssbMemberDel.do') return writeMessage(memberDeletionResult, { resultCode, resultMessage })
    if (path === 'approvalInquiry.do') return writeMessage(approvalResult, { resultCode, resultMessage })
    approvals.push(given)
    return answer(given)
  }
  const server = createServer(async (incoming, outgoing) => {
    const given = JSON.parse(await textOf(incoming)) as Record<string, string>
    const said = answerTo(incoming.url?.split('/').at(-1) ?? '', given)
    if (said === undefined) incoming.socket.destroy()
    else outgoing.setHeader('content-type', 'application/json').end(JSON.stringify(said))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    approvals,
    answerWith(next) {
      answer = next
    },
    cancellations: () => cancellations,
    deleteWith(reason) {
      deletion = reason
    },
    async close() {
      server.closeAllConnections()
      if (server.listening) await new Promise((resolve) => server.close(resolve))
    },
    [Symbol.asyncDispose]: closeThis,
  }
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of incoming) parts.push(part)
  return Buffer.concat(parts).toString('utf8')
}

/** A signed answer of the approval, as a gateway writes it. */
export function approvalAnswer(
  reason: ResultReason,
  payment: { readonly transactionId: string; readonly orderId: string; readonly amount: number },
): Answer {
  const { code: resultCode, ko: resultMessage } = resultCodes[reason]
  return writeMessage(approvalResult, {
    ...payment,
    merchantId,
    resultCode,
    resultMessage,
    approvalNumber: '30001234',
    approvedAt: new Date('2025-01-02T03:04:06+09:00'),
    issuerName: '삼성',
    maskedCardNumber: '411111******1111',
    installmentMonths: 0,
    signature: signResult({ transactionId: payment.transactionId, resultCode }, merchantKey),
  })
}

export interface ShopTest extends AsyncDisposable {
  readonly gateway: TestGateway
  readonly browser: Browser
  /** The shop as it is now, for other browsers. */
  fetch(request: Request): Promise<Response>
  /** Stops the shop and starts it on the same file. */
  restart(): Promise<void>
  readonly dataFile: string
  /** The log lines of requests that failed. */
  readonly failures: readonly string[]
  close(): Promise<void>
}

export async function openShopTest(runtime: Partial<Runtime> = {}): Promise<ShopTest> {
  const folder = await mkdtemp(join(tmpdir(), 'sspay-shop-'))
  const gateway = await startTestGateway()
  const dataFile = join(folder, 'shop.db')
  const failures: string[] = []
  const open = (): Promise<Shop> =>
    createShop({
      dataFile,
      merchant: {
        merchantId,
        easyPayMerchantId: 'SSPTEST00p',
        merchantKey,
        environment: { origin: gateway.origin },
        orderSignature: 'off_and_orders_can_be_tampered_with',
      },
      cancelPassword: '123456',
      webhookKeys: [],
      // Tests ask for the recovery themselves.
      recoverEveryMs: 3_600_000,
      consoleUrl: 'http://console.example:4620',
      originUnder: (_hostname, origin) => origin,
      runtime: { ...realRuntime, ...runtime },
      log: { error: (event) => void failures.push(event) },
    })
  let shop = await open()
  const fetch = (request: Request): Promise<Response> => shop.fetch(request)
  return {
    gateway,
    browser: createBrowser(fetch),
    fetch,
    dataFile,
    failures,
    async restart() {
      await shop.close()
      shop = await open()
    },
    async close() {
      await shop.close()
      await gateway.close()
      await rm(folder, { recursive: true, force: true })
    },
    [Symbol.asyncDispose]: closeThis,
  }
}

export interface Page {
  readonly status: number
  readonly path: string
  readonly headers: Headers
  readonly text: string
}

export interface Browser {
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Page>
  /**
   * A form post from the shop's own page, with the token that the newest such form had, or from `origin`; redirects are
   * followed, and foreign posts carry no cookie, as Lax wants it.
   */
  post(path: string, fields: Readonly<Record<string, string>>, origin?: string): Promise<Page>
  forgetCookies(): void
  forgetCookie(name: string): void
}

const refresh = /<meta http-equiv="refresh" content="0;url=([^"]*)">/

/** Cookies, redirects and pages that go on by themselves, nothing else. */
export function createBrowser(fetch: (request: Request) => Promise<Response>, home = 'http://shop.example'): Browser {
  const cookies = new Map<string, string>()
  const tokens = new Map<string, string>()
  const visit = async (path: string, init: RequestInit, sendsCookie = true): Promise<Page> => {
    const headers = new Headers(init.headers)
    if (cookies.size > 0 && sendsCookie) headers.set('cookie', [...cookies.values()].join('; '))
    const url = new URL(path, home)
    const answer = await fetch(new Request(url, { ...init, headers, redirect: 'manual' }))
    for (const set of answer.headers.getSetCookie()) cookies.set(set.split('=')[0] ?? '', set.split(';')[0] ?? '')
    const text = await answer.text()
    for (const [action = '', token = ''] of tokensIn(text)) tokens.set(action, token)
    const next =
      answer.status === 303 ? answer.headers.get('location') : refresh.exec(text)?.[1]?.replaceAll('&amp;', '&')
    if (next === null || next === undefined) return { status: answer.status, path, headers: answer.headers, text }
    const { pathname, search } = new URL(next, url)
    return visit(pathname + search, {})
  }
  const tokenOf = (path: string) => {
    const token = tokens.get(path)
    return token === undefined ? {} : { token }
  }
  return {
    get: (path, headers = {}) => visit(path, { headers }),
    post: (path, fields, origin = home) =>
      visit(
        path,
        { method: 'POST', body: new URLSearchParams({ ...fields, ...tokenOf(path) }), headers: { origin } },
        origin === home,
      ),
    forgetCookies: () => cookies.clear(),
    forgetCookie: (name) => void cookies.delete(name),
  }
}

/** Address and token of each form of the shop's own. */
const tokensIn = (text: string) =>
  [...text.matchAll(/action="([^"]+)"[^>]*><input type="hidden" name="token" value="([^"]+)"/g)].map(
    ([, path, token]) => [path, token] as const,
  )

/** Every input of a page by name; a name given twice keeps its last value. */
export const inputsOf = (html: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...html.matchAll(/<input[^>]*>/g)].flatMap(([tag]) => {
      if (/type="radio"/.test(tag) && !/ checked/.test(tag)) return []
      const name = /name="([^"]*)"/.exec(tag)?.[1]
      const value = /value="([^"]*)"/.exec(tag)?.[1] ?? ''
      return name === undefined
        ? []
        : [[name, value.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&')]]
    }),
  )
