import { type Context, Hono } from 'hono'
import type { Inbox } from './inbox.ts'

/** The simulated identity agency: `POST /codes` sends a one-time code, `POST /codes/check` says whether it was right. */
export function identityRoutes(inbox: Inbox): Hono {
  return new Hono()
    .post('/codes', async (context) => {
      const { phone } = await readTexts(context)
      if (phone === undefined || !/^[0-9+][0-9 -]{8,20}$/.test(phone)) return context.json({ error: 'phone' }, 400)
      return context.json({ verificationId: inbox.sendCode(phone) })
    })
    .post('/codes/check', async (context) => {
      const { verificationId, code } = await readTexts(context)
      if (verificationId === undefined || code === undefined) return context.json({ error: 'code' }, 400)
      return context.json({ result: inbox.checkCode(verificationId, code) })
    })
}

async function readTexts(context: Context): Promise<Readonly<Record<string, string | undefined>>> {
  const json: unknown = await context.req.json().catch(() => undefined)
  if (typeof json !== 'object' || json === null) return {}
  return Object.fromEntries(Object.entries(json).filter(([, value]) => typeof value === 'string'))
}
