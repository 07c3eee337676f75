/** What a balancer asks for, every second or so: worth no line in a log. */
export const probePaths = { liveness: '/healthz', readiness: '/readyz' } as const

const routes = {
  '/payment/approval/urlCallApproval.do': 'approval',
  '/payment/approval/approvalInquiry.do': 'inquiry',
  '/payment/approval/cancel.do': 'cancellation',
  '/payment/approval/ssbMemberDel.do': 'member-deletion',
  '/ssp/reqPay.do': 'window',
} as const

type ExactRoute = (typeof routes)[keyof typeof routes]

/** What a request asks for, in one of few words. `step`: a post of the window; `page`: what the window shows. */
export type RouteName = ExactRoute | 'step' | 'page' | 'asset' | 'probe' | 'other'

const probes: readonly string[] = Object.values(probePaths)

/** Whatever somebody asks for. The path is as {@link pathOf} gives it. */
export function routeOf(method: string | undefined, path: string): RouteName {
  if (Object.hasOwn(routes, path)) return routes[path as keyof typeof routes]
  if (path.startsWith('/ssp/window/')) return method === 'POST' ? 'step' : 'page'
  if (path.startsWith('/asset/')) return 'asset'
  return probes.includes(path) ? 'probe' : 'other'
}

/** The path as routes see it: without dot segments, escapes, query and the host of an absolute address. */
export function pathOf(target: string): string {
  if (Object.hasOwn(routes, target)) return target
  try {
    return decodeURI(new URL(target, 'http://gateway').pathname)
  } catch {
    return target
  }
}
