import { type Context, Hono } from 'hono'
import { readJsonObject } from '../own-forms.ts'
import type { Agency, AgencyAnswer, GivenPerson } from './agency.ts'

type Texts = Readonly<Record<string, string | undefined>>

/**
 * The simulated identity agency: `POST /codes` sends a one-time code, `POST /codes/check` verifies it and returns the
 * person, `POST /messages` sends another text message.
 */
export function identityRoutes(agency: Agency): Hono {
  return new Hono()
    .post('/codes', async (context) => {
      const person = readPerson(await readTexts(context))
      return person === undefined ? reject(context, 'person') : answer(context, agency.sendCode(person))
    })
    .post('/codes/check', async (context) => {
      const { verificationId, code } = await readTexts(context)
      if (verificationId === undefined || code === undefined) return reject(context, 'code')
      return answer(context, agency.checkCode(verificationId, code))
    })
    .post('/messages', async (context) => {
      const { phone, kind } = await readTexts(context)
      if (!isPhone(phone) || (kind !== 'password_reset' && kind !== 'phone_changed')) return reject(context, 'message')
      return answer(context, agency.sendMessage(phone, kind))
    })
}

const isPhone = (text: string | undefined): text is string => text !== undefined && /^[0-9+][0-9 -]{8,20}$/.test(text)

function readPerson({ name, birthDate, gender, phone }: Texts): GivenPerson | undefined {
  if (name === undefined || name.trim() === '' || !/^[0-9]{8}$/.test(birthDate ?? '') || !isPhone(phone))
    return undefined
  return gender === 'male' || gender === 'female' ? { name, birthDate: birthDate ?? '', gender, phone } : undefined
}

const reject = (context: Context, error: string): Response => context.json({ error }, 400)

const answer = (context: Context, given: AgencyAnswer): Response =>
  given === 'unreachable' ? context.json({ error: 'unavailable' }, 503) : context.json(given)

async function readTexts(context: Context): Promise<Texts> {
  const given = Object.entries(await readJsonObject(context))
  return Object.fromEntries(given.filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
}
