import type { IdentityVerifier } from '@sspay/gateway'
import { fullBirthDate, genderOf } from '../../../packages/gateway/src/identity/model.ts'
import type { Dice } from '../../faults/fixture/dice.ts'
import type { Person } from './people.ts'

/** The identity agency and the carriers: whose contract a phone number is, and who holds the phone. */
export interface Agency {
  readonly verifier: IdentityVerifier
  /** The number belongs to this person, who holds the phone. */
  register(phone: string, person: Person): void
  unregister(phone: string): void
  /** Messages to this number go to somebody else (SIM swap), while the contract stays as it is. */
  divert(phone: string, holder: Person): void
  /** The newest one-time code that this person has received. */
  readCode(holder: Person): string | undefined
}

interface Contract {
  readonly owner: Person
  readonly holder: Person
}

interface Verification {
  readonly person: Person
  readonly phone: string
  readonly code: string
}

export function createAgency(dice: Dice): Agency {
  const contracts = new Map<string, Contract>()
  const verifications = new Map<string, Verification>()
  const inbox = new Map<Person, string>()
  let sent = 0

  return {
    verifier: {
      async sendCode(draft) {
        const { name, birthDate, genderDigit, phone } = draft
        const contract = contracts.get(phone)
        const { owner } = contract ?? {}
        const isOfOwner =
          owner?.name === name && owner.birthDate === birthDate && genderOf(owner) === genderOf({ genderDigit })
        if (contract === undefined || owner === undefined || !isOfOwner) return { ok: false, reason: 'rejected' }
        const verificationId = `verification-${sent++}`
        const code = String(dice.below(1_000_000)).padStart(6, '0')
        verifications.set(verificationId, { person: owner, phone, code })
        inbox.set(contract.holder, code)
        return { ok: true, verificationId }
      },
      async checkCode({ verificationId, code }) {
        const verification = verifications.get(verificationId)
        if (verification === undefined) return { result: 'expired' }
        if (verification.code !== code) return { result: 'wrong' }
        verifications.delete(verificationId)
        const { person, phone } = verification
        const { name, ci } = person
        return {
          result: 'verified',
          person: { name, ci, phone, birthDate: fullBirthDate(person), gender: genderOf(person) },
        }
      },
      sendMessage: async () => true,
    },
    register: (phone, person) => void contracts.set(phone, { owner: person, holder: person }),
    unregister: (phone) => void contracts.delete(phone),
    divert(phone, holder) {
      const contract = contracts.get(phone)
      if (contract !== undefined) contracts.set(phone, { ...contract, holder })
    },
    readCode: (holder) => inbox.get(holder),
  }
}
