import { createHash } from 'node:crypto'
import type { RequestListener, Server } from 'node:http'
import { resultCodes } from '@sspay/protocol'
import { type OfferedRoute, offeredPaths } from '@sspay/protocol/internal'
import { type Handler, Hono, type MiddlewareHandler } from 'hono'
import { getPath } from 'hono/utils/url'
import { type Admission, createAdmission } from './admission/admit.ts'
import { boundConnections } from './admission/bound-connections.ts'
import { createBodyReceiver } from './admission/receive-body.ts'
import { expireForgotten } from './approval/close-payment.ts'
import { removePendingMembers } from './approval/remove-pending-members.ts'
import { removeUnauthenticated } from './approval/remove-unauthenticated.ts'
import { resolveUnresolved } from './approval/resolve.ts'
import { approvalRoute, inquiryRoute } from './approval/route.ts'
import { formOfAnswer } from './approval/write-notification.ts'
import { startBackgroundJobs } from './background-jobs.ts'
import { chargeRoute, deletionRoute, registrationRoute } from './bill-keys/route.ts'
import { strictTransportSecurity } from './browser-safety/security-headers.ts'
import { type BuiltScripts, scriptInventoryPath } from './built-scripts.ts'
import { resumeCancellations } from './cancellation/cancel.ts'
import { cancelRoute } from './cancellation/route.ts'
import type { IssuerApps } from './card-network/issuer-apps.ts'
import type { CardNetwork } from './card-network/port.ts'
import type { ConsoleLink } from './console/frame.ts'
import { consoleRoutes } from './console/route.ts'
import type { Context } from './context.ts'
import { embeddable, messagePage } from './design/message-page.ts'
import { frontPage, type SandboxBanner } from './front-page.ts'
import { noPageHeaders, rejection } from './http/answer.ts'
import { beginRequest } from './http/begin-request.ts'
import type { Caller } from './http/client-address.ts'
import { isTrustedHost } from './http/public-host.ts'
import { isServerPath, routeOf, withSingleSlashes } from './http/route-name.ts'
import type { IdentityVerifier } from './identity/port.ts'
import { currentAddress } from './logging/current-request.ts'
import type { PasswordHasher } from './members/password-hash.ts'
import { memberDeletionRoute } from './members/route.ts'
import { notOfferedRoutes } from './not-offered-routes.ts'
import { attemptResultOf, type ConcernsTarget } from './notifications/deliver.ts'
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

/** The parts that a gateway is built from. */
export interface GatewayParts extends BuiltScripts {
  readonly context: Context
  readonly cardNetwork: CardNetwork
  /** Undefined: none. */
  readonly issuerApps?: IssuerApps | undefined
  readonly identityVerifier: IdentityVerifier
  /** Additional tabs of the console. */
  readonly consoleLinks: readonly ConsoleLink[]
  /** Shown on the front page of a sandbox only. */
  readonly sandboxBanner?: SandboxBanner | undefined
  /** Records every call in and out; by default none is. Closed by the gateway. */
  readonly requestLog?: RequestLog
  /** Shown at `/metrics` of the console. */
  readonly metrics?: Metrics | undefined
  /** Without it the gateway is always ready. */
  readonly readiness?: Readiness | undefined
  /** False leaves background jobs to other processes on the same database. Default: true. */
  readonly hasWorkers?: boolean
  readonly concernsTarget?: ConcernsTarget | undefined
  /** Default: Argon2id; simulations with thousands of payment passwords replace it. */
  readonly passwordHasher?: PasswordHasher
}

/** The service without a port: see {@link createGateway}. */
export interface Gateway {
  /** The public endpoints: script, payment window, approval, inquiry, cancellation, member deletion. Never rejects. */
  fetch(request: Request, caller?: Caller): Promise<Response>
  /**
   * Admission control, for the public listener: bounds connections, receives bodies, limits concurrency and sheds
   * load, at a small part of the cost of `fetch`. Without it `Limits` bounds no concurrency.
   */
  wrap(answer: RequestListener, server?: Server): RequestListener
  /** The operator's console; must not be reachable by the public. Never rejects. */
  console(request: Request, caller?: Caller): Promise<Response>
  /** {@link Gateway.wrap} for the console's listener. */
  wrapConsole(answer: RequestListener, server?: Server): RequestListener
  readonly limitOf: Admission['limitOf']
  /** `/readyz` answers 503 from now on; other requests are still answered. */
  drain(): void
  /** Stops the background jobs; the storage stays open. */
  close(): Promise<void>
}

/** Builds the gateway: Web `Request` in, `Response` out; opens no port. */
export function createGateway({ context, dropInScript, scriptInventory, ...parts }: GatewayParts): Gateway {
  const { requestLog = createRequestLog({ ...context, settings: { ...context.settings, requestLog: 'off' } }) } = parts
  const { consoleLinks, sandboxBanner, metrics, readiness, hasWorkers = true, ...ports } = parts
  const { settings } = context
  const gateway = { ...context, ...ports }
  const publicApp = createApp(context, { metrics })
    .route('/', probeRoutes(readiness))
    .use(recordCallsIn(requestLog, context.runtime, (hostname) => isTrustedHost(settings, hostname)))
    .route('/', publicRoutes(gateway, { dropInScript, scriptInventory, sandboxBanner }))
  const consoleApp = createApp(context, { userHeader: settings.consoleUserHeader })
  if (metrics !== undefined) consoleApp.route('/', metricsRoutes(metrics))
  consoleApp
    .use(async (_call, next) => {
      // The console shows every call that has ended, buffered ones too.
      await requestLog.flush()
      await next()
    })
    .route('/', consoleRoutes(gateway, { links: consoleLinks }))
  const { wrap, wrapConsole, limitOf } = admissionOf(context)
  const stops = hasWorkers ? startWorkers(gateway, requestLog, metrics) : []
  return {
    fetch: async (request, caller = {}) => publicApp.fetch(request, caller),
    console: async (request, caller = {}) => consoleApp.fetch(request, caller),
    wrap,
    wrapConsole,
    limitOf,
    drain: () => readiness?.drain(),
    async close() {
      await Promise.all(stops.map((stop) => stop()))
      await requestLog.close()
    },
  }
}

/** From the socket inwards: body receiver, connection bounds, concurrency limiter. */
function admissionOf({ runtime, log, keyRing, settings }: Context): Pick<Gateway, 'wrap' | 'wrapConsole' | 'limitOf'> {
  const { unfinished: bounds, proxyHops, connections } = settings.limits
  const receive = createBodyReceiver({ runtime, log, bounds, bodyBytes: settings.bodyLimitBytes, proxyHops })
  const admission = createAdmission({ runtime, log, limits: settings.limits, shareOf: shareOfCall(keyRing) })
  // A proxy brings many clients over its connections.
  const perAddress = proxyHops > 0 ? connections.inAll : connections.perAddress
  const wrapWith =
    (admit: Admission['wrap']) =>
    (answer: RequestListener, server?: Server): RequestListener => {
      const bound = server && boundConnections(server, { ...connections, perAddress })
      const admitted = admit(answer)
      return receive(bound?.(admitted) ?? admitted)
    }
  return { wrap: wrapWith(admission.wrap), wrapConsole: wrapWith(admission.wrapConsole), limitOf: admission.limitOf }
}

const notificationCalls: CallsOut = { kind: 'notification', nameAnswer: attemptResultOf }

/** Background jobs: recovery of indeterminate payments and cancellations, notifications, deletion of old rows. */
function startWorkers(
  gateway: Context & Pick<GatewayParts, 'cardNetwork' | 'concernsTarget'>,
  requestLog: RequestLog,
  metrics: Metrics | undefined,
): readonly (() => Promise<void>)[] {
  const measured =
    metrics === undefined ? gateway.runtime : measureCallsOut(metrics, gateway.runtime, notificationCalls)
  return [
    startBackgroundJobs(gateway, 2_000, [
      () => resolveUnresolved(gateway),
      () => expireForgotten(gateway),
      () => resumeCancellations(gateway),
      () => removeUnauthenticated(gateway),
    ]),
    startDelivery({
      ...gateway,
      runtime: recordCallsOut(requestLog, measured, notificationCalls),
      onAttempt: metrics?.countNotification,
      formOfAnswer: (notification) => formOfAnswer(gateway, notification),
    }),
    startBackgroundJobs(gateway, 30_000, [
      () => removePendingMembers(gateway),
      ...(requestLog.isOn ? [() => requestLog.removeOld()] : []),
    ]),
  ]
}

type App = Hono<{ Bindings: Caller }>

type PublicParts = Context &
  Pick<GatewayParts, 'cardNetwork' | 'issuerApps' | 'identityVerifier' | 'windowScript' | 'passwordHasher'>

/** Every public endpoint except the probes. */
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
  app.get(offeredPaths.asset.path, textRoute(dropInScript, 'text/javascript; charset=utf-8'))
  app.get(scriptInventoryPath, textRoute(scriptInventory, 'application/json; charset=utf-8'))
  const api = {
    approval: approvalRoute(gateway),
    inquiry: inquiryRoute(gateway),
    cancellation: cancelRoute(gateway),
    'member-deletion': memberDeletionRoute(gateway),
    'bill-key-registration': registrationRoute(gateway),
    'bill-key-payment': chargeRoute(gateway),
    'bill-key-deletion': deletionRoute(gateway),
  } satisfies Partial<Record<OfferedRoute, (request: Request) => Promise<Response>>>
  for (const [name, route] of Object.entries(api))
    app.all(offeredPaths[name as keyof typeof api].path, ({ req }) => route(req.raw))
  app.route('/', notOfferedRoutes(gateway))
  app.route(
    '/',
    paymentWindowRoutes({ ...gateway, sandboxBanner: gateway.settings.isSandbox ? sandboxBanner : undefined }),
  )
  return app
}

/** The middleware and error handling that both listeners share. */
function createApp(
  context: Context,
  { metrics, userHeader }: { metrics?: Metrics | undefined; userHeader?: string | undefined },
): App {
  const { runtime, log, settings } = context
  const app: App = new Hono({ getPath: (request) => withSingleSlashes(getPath(request)) })
  if (metrics !== undefined) app.use(measureRequests(metrics))
  app.use(beginRequest({ runtime, proxyHops: settings.limits.proxyHops, userHeader }))
  app.use(logRequest(context))
  app.use(strictTransportSecurity)
  app.notFound(({ req }) =>
    isServerPath(req.path)
      ? rejection('path_unknown')
      : messagePage(404, resultCodes.path_unknown, { hint: windowAddress }),
  )
  app.onError((cause, { req }) => {
    log.error('request_failed', { path: shownPath(req.path), cause })
    return isServerPath(req.path) ? rejection('internal') : messagePage(500, resultCodes.internal)
  })
  return app
}

const windowAddress = {
  ko: `결제창의 주소는 ${offeredPaths.window.path} 입니다. 쇼핑몰에서 왔다면 smartropay.init의 actionUri나 폼의 action을 확인하세요.`,
  en: `The payment window is at ${offeredPaths.window.path}. From a shop's page: look at the actionUri of smartropay.init, or the action of the form.`,
}

/** Access log: client address, method, path, status and duration; never a body, a query or a window's token. */
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

/** A static text with an ETag. */
function textRoute(text: string, contentType: string): Handler {
  const etag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`
  const headers = { ...noPageHeaders, ...embeddable, 'content-type': contentType, 'cache-control': 'no-cache', etag }
  return ({ req }) =>
    req.header('if-none-match') === etag
      ? new Response(null, { status: 304, headers })
      : new Response(text, { status: 200, headers })
}
