import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/server'
import { isoCBOR } from '@simplewebauthn/server/helpers'

/** How one ceremony differs from an honest one. */
export interface Behaviour {
  readonly origin?: string
  readonly relyingParty?: string
  readonly challenge?: string
  readonly isUserVerified?: boolean
  readonly isUserPresent?: boolean
  readonly count?: number
  readonly type?: string
  readonly crossOrigin?: boolean
  readonly topOrigin?: string
}

/** A passkey device in software: one ES256 key, no attestation, a count that grows. */
export interface Device {
  readonly credentialId: string
  create(options: PublicKeyCredentialCreationOptionsJSON, behaviour?: Behaviour): string
  get(options: PublicKeyCredentialRequestOptionsJSON, behaviour?: Behaviour): string
}

const honestOrigin = 'https://pay.example.com'

export function createDevice({ counts = true }: { readonly counts?: boolean } = {}): Device {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const id = randomBytes(32)
  const credentialId = id.toString('base64url')
  let used = 0

  const authenticatorData = (relyingParty: string, behaviour: Behaviour, attested?: Buffer): Buffer => {
    if (counts) used += 1
    const { isUserPresent = true, isUserVerified = true, count = used } = behaviour
    const flags = (isUserPresent ? 0x01 : 0) | (isUserVerified ? 0x04 : 0) | (attested ? 0x40 : 0)
    const counter = Buffer.alloc(4)
    counter.writeUInt32BE(count)
    const rpIdHash = sha256(Buffer.from(behaviour.relyingParty ?? relyingParty))
    return Buffer.concat([rpIdHash, Buffer.from([flags]), counter, attested ?? Buffer.alloc(0)])
  }

  return {
    credentialId,
    create({ rp, challenge }, behaviour = {}) {
      const idLength = Buffer.alloc(2)
      idLength.writeUInt16BE(id.length)
      const attested = Buffer.concat([Buffer.alloc(16), idLength, id, coseKeyOf(publicKey)])
      const authData = authenticatorData(rp.id ?? '', behaviour, attested)
      const attestation = new Map<string, string | Map<string, string> | Uint8Array>([
        ['fmt', 'none'],
        ['attStmt', new Map()],
        ['authData', new Uint8Array(authData)],
      ])
      const response: RegistrationResponseJSON = {
        id: credentialId,
        rawId: credentialId,
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          clientDataJSON: clientData('webauthn.create', challenge, behaviour).toString('base64url'),
          attestationObject: Buffer.from(isoCBOR.encode(attestation)).toString('base64url'),
          transports: ['internal'],
        },
      }
      return JSON.stringify(response)
    },
    get({ rpId, challenge }, behaviour = {}) {
      const authData = authenticatorData(rpId ?? '', behaviour)
      const client = clientData('webauthn.get', challenge, behaviour)
      const signature = sign('sha256', Buffer.concat([authData, sha256(client)]), privateKey)
      const response: AuthenticationResponseJSON = {
        id: credentialId,
        rawId: credentialId,
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          clientDataJSON: client.toString('base64url'),
          authenticatorData: authData.toString('base64url'),
          signature: signature.toString('base64url'),
        },
      }
      return JSON.stringify(response)
    },
  }
}

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest()

const clientData = (type: string, challenge: string, behaviour: Behaviour): Buffer =>
  Buffer.from(
    JSON.stringify({
      type: behaviour.type ?? type,
      challenge: behaviour.challenge ?? challenge,
      origin: behaviour.origin ?? honestOrigin,
      crossOrigin: behaviour.crossOrigin ?? false,
      topOrigin: behaviour.topOrigin,
    }),
  )

/** EC2, ES256, P-256, x, y (RFC 9053). */
function coseKeyOf(publicKey: KeyObject): Uint8Array {
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'base64url'))
  const key = new Map<number, number | Uint8Array>([
    [1, 2],
    [3, -7],
    [-1, 1],
    [-2, bytes(x)],
    [-3, bytes(y)],
  ])
  return isoCBOR.encode(key)
}
