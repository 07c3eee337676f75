import { Hono } from 'hono'
import { plainTextHeaders } from '../http/answer.ts'
import { probePaths } from '../http/route-name.ts'
import { type Metrics, metricsType } from './metrics.ts'
import type { Readiness } from './readiness.ts'

/** Liveness and readiness probes. */
export const probeRoutes = (readiness: Readiness | undefined): Hono =>
  new Hono()
    .get(probePaths.liveness, () => new Response('ok\n', { headers: plainTextHeaders }))
    .get(probePaths.readiness, async () => {
      const reason = await readiness?.reasonNotReady()
      return reason === undefined
        ? new Response('ready\n', { headers: plainTextHeaders })
        : new Response(`${reason}\n`, { status: 503, headers: { ...plainTextHeaders, 'retry-after': '1' } })
    })

/** For Prometheus; must not be reachable by the public. */
export const metricsRoutes = (metrics: Metrics): Hono =>
  new Hono().get('/metrics', async () => {
    const headers = { ...plainTextHeaders, 'content-type': metricsType }
    return new Response(await metrics.text(), { headers })
  })
