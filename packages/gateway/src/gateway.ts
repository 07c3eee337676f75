import { createHash } from 'node:crypto'
import type { RequestListener, Server } from 'node:http'
import { resultCodes } from '@sspay/protocol'
import { Hono, type MiddlewareHandler } from 'hono'
import { type Admission, createAdmission } from './admission/admit.ts'
import { boundConnections } from './admission/bound-connections.ts'
import { createBodyReceiver } from './admission/receive-body.ts'
import { expireForgotten } from './approval/expire.ts'
import type { ApprovalContext } from './approval/record-outcome.ts'
import { removePendingMembers } from './approval/remove-pending-members.ts'
import { resolveUnresolved } from './approval/resolve.ts'
import { approvalRoute, inquiryRoute } from './approval/route.ts'
import { startUpkeep } from './approval/upkeep.ts'
import { formOfAnswer } from './approval/write-notification.ts'
import { removeUnauthenticated } from './archive/remove-unauthenticated.ts'
import { resumeCancellations } from './cancellation/resume.ts'
import { cancelRoute } from './cancellation/route.ts'
import type { CardNetwork } from './card-network/port.ts'
import type { ConsoleLink } from './console/frame.ts'
import { consoleRoutes } from './console/route.ts'
import type { Context } from './context.ts'
import { frontPage, type SandboxBanner } from './front-page.ts'
import { rejection } from './http/answer.ts'
import { beginRequest } from './http/begin-request.ts'
import type { Caller } from './http/client-address.ts'
import { currentAddress } from './http/current-request.ts'
import { noPageHeaders } from './http/no-page.ts'
import { isLocalHost } from './http/own-host.ts'
import { isTrustedHost } from './http/public-host.ts'
import { routeOf } from './http/route-name.ts'
import { scriptInventoryPath } from './http/script-inventory.ts'
import { sentencePage } from './http/sentence-page.ts'
import type { IdentityVerifier } from './identity/port.ts'
import type { PasswordHasher } from './members/password-hash.ts'
import { memberDeletionRoute } from './members/route.ts'
import { attemptResultOf, type DeliveryContext } from './notifications/deliver.ts'
import { startDelivery } from './notifications/start-delivery.ts'
import { paymentWindowRoutes } from './payment-window/route.ts'
import { recordCallsIn } from './request-log/record-calls-in.ts'
import { type CallsOut, recordCallsOut } from './request-log/record-calls-out.ts'
import { createRequestLog, type RequestLog } from './request-log/request-log.ts'
import { shareOfCall } from './share-of-call.ts'
import { measureCallsOut } from './telemetry/measure-calls-out.ts'
import { measureRequests } from './telemetry/measure-requests.ts'
import type { Metrics } from './telemetry/metrics.ts'
import type { Readiness } from './telemetry/readiness.ts'
import { metricsRoutes, probeRoutes } from './telemetry/route.ts'

/** What a gateway is put together from. */
export interface GatewayParts {
  readonly context: Context
  readonly cardNetwork: CardNetwork
  readonly identityVerifier: IdentityVerifier
  /** The text of `SmartroPAY-1.0.min.js`. */
  readonly dropInScript: string
  /** The text of the script that makes the window's pages quick. */
  readonly windowScript: string
  /** JSON that names every script with its digest and its reason. */
  readonly scriptInventory: string
  /** Tabs beside the console's own pages, for example the tools of a sandbox. */
  readonly consoleLinks: readonly ConsoleLink[]
  /** What the front page of a sandbox tells a developer; a gateway that is no sandbox does not show it. */
  readonly sandboxBanner?: SandboxBanner | undefined
  /** Takes every call in and out; without it none is recorded. `close` of the gateway closes it. */
  readonly requestLog?: RequestLog
  /** Counts and times what happens, and shows it at `/metrics` of the console. */
  readonly metrics?: Metrics | undefined
  /** Without it the gateway is always ready. */
  readonly readiness?: Readiness | undefined
  /** False leaves the work in the background to other processes on the same database. */
  readonly hasWorkers?: boolean
  /** Replaced by a simulation that sets and checks thousands of payment passwords; Argon2id without. */
  readonly passwordHasher?: PasswordHasher
}

/** The service without a port: see {@link createGateway}. */
export interface Gateway {
  /** The public half: script, payment window, approval, inquiry, cancellation, member deletion. Never rejects. */
  fetch(request: Request, caller?: Caller): Promise<Response>
  /**
   * For the listener of the public half: bounds connections, receives bodies, limits how many calls are worked on at once and sheds the others, at a small part of what
   * `fetch` costs. Without it `Limits` bound no concurrency.
   */
  around(answer: RequestListener, server?: Server): RequestListener
  /** The operator's pages; belongs on an address of its own that the public cannot reach. Never rejects. */
  console(request: Request, caller?: Caller): Promise<Response>
  /** {@link Gateway.around} for the listener of the console. */
  aroundConsole(answer: RequestListener, server?: Server): RequestListener
  readonly limitOf: Admission['limitOf']
  /** From now on `/readyz` asks balancers to send their requests elsewhere; those that come are answered. */
  drain(): void
  /** Stops the work in the background; the storage stays open. */
  close(): Promise<void>
}

const upkeepEveryMs = 2_000
const forgetEveryMs = 30_000

const notificationCalls: CallsOut = { kind: 'notification', nameAnswer: attemptResultOf }

/** Puts the gateway together: Web `Request` in, `Response` out, no port opened. */
export function createGateway({
  context,
  dropInScript,
  scriptInventory,
  consoleLinks,
  sandboxBanner,
  requestLog = createRequestLog({ ...context, settings: { ...context.settings, requestLog: 'off' } }),
  metrics,
  readiness,
  hasWorkers = true,
  ...parts
}: GatewayParts): Gateway {
  const { runtime, log, settings } = context
  const { unfinished: bounds, proxyHops, connections } = settings.limits
  const receive = createBodyReceiver({ runtime, log, bounds, bodyBytes: settings.bodyLimitBytes, proxyHops })
  const admission = createAdmission({ runtime, log, limits: settings.limits, shareOf: shareOfCall(context.keyRing) })
  const admit =
    (around: Admission['around']) =>
    (answer: RequestListener, server?: Server): RequestListener => {
      // A proxy brings many clients: its connections are as many as it needs.
      const perAddress = proxyHops > 0 ? connections.inAll : connections.perAddress
      const bound = server && boundConnections(server, { ...connections, perAddress })
      const admitted = around(answer)
      return receive(bound?.(admitted) ?? admitted)
    }
  const gateway = { ...context, ...parts }
  const publicApp = createApp(context, { metrics })
  publicApp.route('/', probeRoutes(readiness))
  publicApp.use(recordCallsIn(requestLog, context.runtime, (hostname) => isTrustedHost(settings, hostname)))
  publicApp.route('/', publicRoutes(gateway, { dropInScript, scriptInventory, sandboxBanner }))

  const consoleApp = createApp(context, { userHeader: settings.consoleUserHeader })
  if (metrics !== undefined) consoleApp.route('/', metricsRoutes(metrics))
  // Who looks sees every call that has ended, also those that wait to be written.
  consoleApp.use(async (_call, next) => {
    await requestLog.flush()
    await next()
  })
  consoleApp.route('/', consoleRoutes(gateway, { links: consoleLinks }))

  const toShops = metrics === undefined ? context.runtime : measureCallsOut(metrics, context.runtime, notificationCalls)
  const delivery: DeliveryContext = {
    ...context,
    runtime: recordCallsOut(requestLog, toShops, notificationCalls),
    onAttempt: metrics?.countNotification,
    formOfAnswer: (notification) => formOfAnswer(context, notification),
  }
  const stops = hasWorkers ? startWorkers(gateway, requestLog, delivery) : []
  return {
    fetch: async (request, caller = {}) => publicApp.fetch(request, caller),
    console: async (request, caller = {}) => consoleApp.fetch(request, caller),
    around: admit(admission.around),
    aroundConsole: admit(admission.aroundConsole),
    limitOf: admission.limitOf,
    drain: () => readiness?.drain(),
    async close() {
      await Promise.all(stops.map((stop) => stop()))
      await requestLog.close()
    },
  }
}

/** What no request waits for: payments and cancellations that were left open, notices, what is old. */
function startWorkers(
  gateway: Context & Pick<GatewayParts, 'cardNetwork'>,
  requestLog: RequestLog,
  delivery: DeliveryContext,
): readonly (() => Promise<void>)[] {
  return [
    startUpkeep(gateway, upkeepEveryMs, [
      () => resolveUnresolved(gateway),
      () => expireForgotten(gateway),
      () => resumeCancellations(gateway),
      () => removeUnauthenticated(gateway),
    ]),
    startDelivery(delivery),
    startUpkeep(gateway, forgetEveryMs, [
      () => removePendingMembers(gateway),
      ...(requestLog.isOn ? [() => requestLog.removeOld()] : []),
    ]),
  ]
}

type App = Hono<{ Bindings: Caller }>

type PublicParts = Context & Pick<GatewayParts, 'cardNetwork' | 'identityVerifier' | 'windowScript' | 'passwordHasher'>

/** Every address of the public half. */
export function publicRoutes(
  gateway: PublicParts,
  {
    dropInScript,
    scriptInventory,
    sandboxBanner,
  }: Pick<GatewayParts, 'dropInScript' | 'scriptInventory' | 'sandboxBanner'>,
): App {
  const app: App = new Hono()
  app.get('/', ({ req }) => frontPage(req.raw, { ...gateway, sandboxBanner }))
  app.get('/asset/js/SmartroPAY-1.0.min.js', textRoute(dropInScript, 'text/javascript; charset=utf-8'))
  app.get(scriptInventoryPath, textRoute(scriptInventory, 'application/json; charset=utf-8'))
  addApiRoutes(app, gateway)
  app.route('/', paymentWindowRoutes(gateway))
  return app
}

interface AppOptions {
  readonly metrics?: Metrics | undefined
  readonly userHeader?: string | undefined
}

function createApp(context: Context, { metrics, userHeader }: AppOptions): App {
  const app: App = new Hono()
  if (metrics !== undefined) app.use(measureRequests(metrics))
  app.use(beginRequest(context, userHeader))
  app.use(logRequest(context))
  app.use(keepSecure)
  app.notFound(({ req }) =>
    isApiPath(req.path) ? rejection('path_unknown') : sentencePage(404, resultCodes.path_unknown),
  )
  app.onError((cause, { req }) => {
    context.log.error('request_failed', { path: shownPath(req.path), cause })
    return isApiPath(req.path) ? rejection('internal') : sentencePage(500, resultCodes.internal)
  })
  return app
}

function addApiRoutes(app: App, gateway: ApprovalContext): void {
  const routes = {
    'urlCallApproval.do': approvalRoute(gateway),
    'approvalInquiry.do': inquiryRoute(gateway),
    'cancel.do': cancelRoute(gateway),
    'ssbMemberDel.do': memberDeletionRoute(gateway),
  }
  for (const [name, route] of Object.entries(routes)) app.all(`/payment/approval/${name}`, ({ req }) => route(req.raw))
}

/**
 * A browser that came over TLS comes back over TLS only. A host of this machine is left out: the browser would then refuse its plain
 * addresses too, on every port.
 */
const keepSecure: MiddlewareHandler = async ({ req, header }, next) => {
  await next()
  if (req.url.startsWith('https:') && !isLocalHost(new URL(req.url).hostname))
    header('strict-transport-security', 'max-age=31536000; includeSubDomains')
}

const isApiPath = (path: string): boolean => path.startsWith('/payment/')

/** Client address, method, path, status and duration; never a body, a query or the token of a window. */
function logRequest({ runtime, log }: Context): MiddlewareHandler<{ Bindings: Caller }> {
  return async (call, next) => {
    const { method, path } = call.req
    if (routeOf(method, path) === 'probe') return next()
    const startedAt = runtime.now()
    await next()
    const durationMs = runtime.now().getTime() - startedAt.getTime()
    const { status } = call.res
    log.info('request', { address: currentAddress(), method, path: shownPath(path), status, durationMs })
  }
}

const shownPath = (path: string): string => path.replace(/^(\/ssp\/window\/)[^/]+/, '$1*').slice(0, 200)

function textRoute(
  text: string,
  contentType: string,
): (context: { readonly req: { header(name: string): string | undefined } }) => Response {
  const etag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`
  const headers = {
    ...noPageHeaders,
    'content-type': contentType,
    'cache-control': 'no-cache',
    etag,
  }
  return ({ req }) =>
    req.header('if-none-match') === etag
      ? new Response(null, { status: 304, headers })
      : new Response(text, { status: 200, headers })
}
