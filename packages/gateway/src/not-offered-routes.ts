import { resultCodes } from '@sspay/protocol'
import { encodeForm } from '@sspay/protocol/charset'
import { notOfferedPaths } from '@sspay/protocol/internal'
import { Hono } from 'hono'
import type { Context } from './context.ts'
import { messagePage } from './design/message-page.ts'
import { plainTextHeaders, rejection, rejectionFields } from './http/answer.ts'
import { readJsonOrForm } from './http/read-body.ts'
import { noteCall } from './request-log/notes.ts'

const { code, ...text } = resultCodes.service_not_offered

const formHeaders = {
  ...plainTextHeaders,
  'content-type': 'text/plain; charset=euc-kr',
  'x-sspay-result': code,
} as const

/** Services that are known and not offered (Q65), except windows: those answer as the payment window does. */
export function notOfferedRoutes({ settings }: Context): Hono {
  const app = new Hono()
  for (const [name, { path, answer, ko, en }] of Object.entries(notOfferedPaths)) {
    if (answer === 'window') continue
    app.all(path, async ({ req }) => {
      noteCall(req.raw, { service: name })
      // Read for the request log only.
      await readJsonOrForm(req.raw, settings.bodyLimitBytes)
      const detail = `${ko}: ${text.ko}`
      if (answer === 'json') return rejection('service_not_offered', detail)
      if (answer === 'form')
        return new Response(encodeForm(rejectionFields('service_not_offered', detail), 'euc-kr'), {
          headers: formHeaders,
        })
      const page = { ko: detail, en: `${en}: ${text.en}` }
      return messagePage(404, page, { headers: { 'x-sspay-result': code } })
    })
  }
  return app
}
