import { Hono } from 'hono'
import { noPageHeaders } from '../http/answer.ts'
import { probePaths } from '../http/route-name.ts'
import { type Metrics, metricsType } from './metrics.ts'
import type { Readiness } from './readiness.ts'

const plain = { ...noPageHeaders, 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' }

/** Liveness and readiness probes. */
export const probeRoutes = (readiness: Readiness | undefined): Hono =>
  new Hono()
    .get(probePaths.liveness, () => new Response('ok\n', { headers: plain }))
    .get(probePaths.readiness, async () => {
      const reason = await readiness?.reasonNotReady()
      return reason === undefined
        ? new Response('ready\n', { headers: plain })
        : new Response(`${reason}\n`, { status: 503, headers: { ...plain, 'retry-after': '1' } })
    })

/** For Prometheus; must not be reachable by the public. */
export const metricsRoutes = (metrics: Metrics): Hono =>
  new Hono().get(
    '/metrics',
    async () =>
      new Response(await metrics.text(), {
        headers: { ...noPageHeaders, 'content-type': metricsType, 'cache-control': 'no-store' },
      }),
  )
