/** Probes of load balancers; not logged. */
export const probePaths = { liveness: '/healthz', readiness: '/readyz' } as const

const routes = {
  '/payment/approval/urlCallApproval.do': 'approval',
  '/payment/approval/approvalInquiry.do': 'inquiry',
  '/payment/approval/cancel.do': 'cancellation',
  '/payment/approval/ssbMemberDel.do': 'member-deletion',
  '/ssp/reqPay.do': 'window',
} as const

type ExactRoute = (typeof routes)[keyof typeof routes]

/** Low-cardinality name of a route. `step`: a POST of the payment window; `page`: a GET. */
export type RouteName = ExactRoute | 'step' | 'page' | 'asset' | 'probe' | 'other'

const probes: readonly string[] = Object.values(probePaths)

/** `path` as {@link pathOf} normalises it. */
export function routeOf(method: string | undefined, path: string): RouteName {
  if (Object.hasOwn(routes, path)) return routes[path as keyof typeof routes]
  if (path.startsWith('/ssp/window/')) return method === 'POST' ? 'step' : 'page'
  if (path.startsWith('/asset/')) return 'asset'
  return probes.includes(path) ? 'probe' : 'other'
}

/**
 * Doubled slashes and one after a file name are the same address, as for servlet containers (Q63): shops join a base
 * address that ends with a slash.
 */
export const withSingleSlashes = (path: string): string => path.replace(/\/{2,}/g, '/').replace(/(\.\w+)\/$/, '$1')

/** Normalises a request target as the router does: dot segments, percent-encoding, slashes, query, absolute form. */
export function pathOf(target: string): string {
  if (Object.hasOwn(routes, target)) return target
  try {
    // Resolved against a base, `//payment/…` would name a host.
    const url = target.startsWith('/') ? new URL(`http://gateway${target}`) : new URL(target, 'http://gateway')
    return withSingleSlashes(decodeURI(url.pathname))
  } catch {
    return target
  }
}
