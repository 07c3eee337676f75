import { type NotOfferedRoute, notOfferedPaths, type OfferedRoute, offeredPaths } from '@sspay/protocol/internal'

/** Probes of load balancers; not logged. */
export const probePaths = { liveness: '/healthz', readiness: '/readyz' } as const

/** Low-cardinality name of a route. `step`: a POST of the payment window; `page`: a GET. */
export type RouteName = OfferedRoute | NotOfferedRoute | 'step' | 'page' | 'probe' | 'other'

const routes: ReadonlyMap<string, RouteName> = new Map(
  Object.entries({ ...offeredPaths, ...notOfferedPaths }).map(([name, { path }]) => [path, name as RouteName]),
)

/** Calls of a shop's server that are answered in JSON. */
export const serverCalls = [
  'approval',
  'inquiry',
  'cancellation',
  'member-deletion',
  'bill-key-registration',
  'bill-key-payment',
  'bill-key-deletion',
] as const satisfies readonly OfferedRoute[]

export const isNotOffered = (route: RouteName): route is NotOfferedRoute => Object.hasOwn(notOfferedPaths, route)

const serverPaths: readonly string[] = Object.values(notOfferedPaths).flatMap(({ path, answer }) =>
  answer === 'form' ? [path] : [],
)

/** Whether a shop's server calls the address, rather than a browser. */
export const isServerPath = (path: string): boolean => path.startsWith('/payment/') || serverPaths.includes(path)

const probes: readonly string[] = Object.values(probePaths)

/** `path` as {@link pathOf} normalises it. */
export function routeOf(method: string | undefined, path: string): RouteName {
  const exact = routes.get(path)
  if (exact !== undefined) return exact
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
  if (routes.has(target)) return target
  try {
    // Resolved against a base, `//payment/…` would name a host.
    const url = target.startsWith('/') ? new URL(`http://gateway${target}`) : new URL(target, 'http://gateway')
    return withSingleSlashes(decodeURI(url.pathname))
  } catch {
    return target
  }
}
