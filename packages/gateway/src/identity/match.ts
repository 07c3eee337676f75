import { nationalPhone, type VerifiedIdentity } from './model.ts'

export type IdentityMatchResult = 'matches' | 'name_differs' | 'phone_differs' | 'both_differ'

/**
 * Guide, 본인인증 옵션: compares the verified person with the buyer in the payment request. Names in NFC without spaces,
 * phones by their digits; fields that the option does not include always match.
 */
export function matchIdentity(
  option: 'none' | 'name' | 'phone' | 'name-and-phone',
  identity: Pick<VerifiedIdentity, 'name' | 'phone'>,
  { buyerName, buyerPhone }: { readonly buyerName: string; readonly buyerPhone: string },
): IdentityMatchResult {
  const asksName = option === 'name' || option === 'name-and-phone'
  const asksPhone = option === 'phone' || option === 'name-and-phone'
  const nameDiffers = asksName && comparableName(identity.name) !== comparableName(buyerName)
  const phoneDiffers = asksPhone && nationalPhone(identity.phone) !== nationalPhone(buyerPhone)
  if (nameDiffers && phoneDiffers) return 'both_differ'
  if (nameDiffers) return 'name_differs'
  return phoneDiffers ? 'phone_differs' : 'matches'
}

const comparableName = (name: string): string => name.normalize('NFC').replace(/\s/gu, '')
