/** Fields that a page shows again after an error, by step. No password, no code. */
const kept: Readonly<Record<string, readonly string[]>> = {
  identity: ['name', 'birthDate', 'genderDigit', 'carrier', 'phone'],
  card: ['cardNumber', 'expiry', 'ownerBirthDate', 'businessNumber'],
}

/** Undefined for a form of another step. */
export function typedIn(form: URLSearchParams): Readonly<Record<string, string>> | undefined {
  const step = form.get('step') ?? ''
  const names = Object.hasOwn(kept, step) ? kept[step] : undefined
  return names && Object.fromEntries(names.map((name) => [name, form.get(name) ?? '']))
}
