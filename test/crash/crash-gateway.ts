import { createHttpIdentityVerifier, type Merchant } from '@sspay/gateway'
import { setPaymentPassword } from '../../packages/gateway/src/members/payment-password.ts'
import { saveNotificationTarget } from '../../packages/gateway/src/notifications/store.ts'
import {
  authenticatedPayment,
  createQuickGateway,
  memberWithCard,
  type QuickGateway,
  silentLog,
} from '../support/quick-payment.ts'
import type { Answers, Command } from './control.ts'
import { type GatewayBug, injectIntoStorage } from './injected-bugs.ts'
import {
  type CrashRuntime,
  createActivity,
  createCrashRuntime,
  createPoints,
  killSelf,
  type Points,
  wrapFetch,
} from './points.ts'

/** How a gateway under test is started. */
export interface GatewayOptions {
  readonly folder: string
  readonly profile: Merchant['repeatedApproval']
  readonly startsAt: number
  readonly cardNetworkUrl: string
  readonly identityUrl: string
  /** The webhook address of the shop. */
  readonly notificationUrl: string
  /** A point of the start itself. */
  readonly armed?: string | undefined
  readonly injectedBug?: GatewayBug | undefined
}

/** A gateway whose process can be killed at any of its points. `obey` runs what none of its clients can ask for. */
export interface CrashGateway {
  readonly url: string
  obey(command: Command): Promise<Answers[Command['verb']]>
}

export async function openCrashGateway(options: GatewayOptions): Promise<CrashGateway> {
  const points = createPoints(killSelf)
  points.arm(options.armed)
  const activity = createActivity()
  const runtime = createCrashRuntime(points, activity, options.startsAt, (url) => {
    if (url.startsWith(options.cardNetworkUrl)) return `network-${url.slice(options.cardNetworkUrl.length + 1)}`
    return url.startsWith(options.identityUrl) ? 'identity' : 'notification'
  })
  const gateway = await createQuickGateway({
    folder: options.folder,
    profile: options.profile,
    merchant: { billKeys: { sameCard: 'add', otherCard: 'add', perMember: 'many', identity: 'off' } },
    runtime,
    settings: { cardNetworkTimeoutMs: 700 },
    cardNetworkUrl: options.cardNetworkUrl,
    identityVerifier: createHttpIdentityVerifier({ runtime, log: silentLog }, options.identityUrl, 5_000),
    wrapStorage: injectIntoStorage(options.injectedBug, points, activity),
    wrapFetch: wrapFetch(points),
  })
  try {
    await saveNotificationTarget(gateway.context, {
      merchantId: gateway.merchant.merchantId,
      url: options.notificationUrl,
      charset: 'utf-8',
      intervalMinutes: 1,
      maxAttempts: 10,
      webhookKeys: [],
    })
  } catch (cause) {
    await gateway.close()
    throw cause
  }
  return { url: gateway.url, obey: (command) => obey({ gateway, points, runtime }, command) }
}

interface Parts {
  readonly gateway: QuickGateway
  readonly points: Points
  readonly runtime: CrashRuntime
}

async function obey({ gateway, points, runtime }: Parts, command: Command): Promise<Answers[Command['verb']]> {
  const { context, merchant } = gateway
  switch (command.verb) {
    case 'begin':
      return points.begin(command.flow)
    case 'arm':
      return points.arm(command.target)
    case 'report':
      return points.report()
    case 'advance':
      return runtime.advance(command.durationMs)
    case 'run-due':
      return runtime.runDue()
    case 'pay': {
      const { amount, orderId, customerId, cardNumber } = command
      return authenticatedPayment(context, merchant, { amount, orderId, customerId }, cardNumber)
    }
    case 'register': {
      const { customerId, cardNumber, password } = command
      const { memberId } = await memberWithCard(context, merchant, customerId, cardNumber)
      await setPaymentPassword(context, memberId, password)
      return
    }
    case 'stop':
      return gateway.close()
    default:
      throw new Error(`a gateway does not know ${command.verb}`)
  }
}
