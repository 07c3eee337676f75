import { isMobileNumber, nationalPhone, type VerifiedPerson } from './model.ts'

export type ReadPersonResult =
  | { readonly ok: true; readonly person: VerifiedPerson }
  /** Names the broken fields, never their values. */
  | { readonly ok: false; readonly broken: readonly string[] }

type Rules = Readonly<Record<keyof VerifiedPerson, (value: string) => boolean>>

const rules: Rules = {
  name: (value) => /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]+$/u.test(value) && [...value].length <= 60,
  birthDate: (value) => /^(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$/.test(value),
  gender: (value) => value === 'male' || value === 'female',
  phone: (value) => isMobileNumber(nationalPhone(value)),
  // Opaque text: agencies issue 88 characters of Base64, others may differ.
  ci: (value) => /^[\x21-\x7E]{1,200}$/.test(value),
}

/** The person of the agency's answer. All five fields are needed: without a CI nobody can tell later who this was. */
export function readPerson(answer: Readonly<Record<string, unknown>>): ReadPersonResult {
  const texts = Object.fromEntries(
    Object.keys(rules).map((name) => [
      name,
      typeof answer[name] === 'string' ? answer[name].normalize('NFC').trim() : '',
    ]),
  ) as Record<keyof VerifiedPerson, string>
  const broken = (Object.keys(rules) as (keyof VerifiedPerson)[]).filter((name) => !rules[name](texts[name]))
  if (broken.length > 0) return { ok: false, broken }
  return { ok: true, person: { ...texts, phone: nationalPhone(texts.phone) } as VerifiedPerson }
}
