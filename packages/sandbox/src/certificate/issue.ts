import { createHash, generateKeyPair, type KeyObject, sign } from 'node:crypto'
import { isIPv6 } from 'node:net'
import { promisify } from 'node:util'
import { bits, explicit, implicit, integer, objectId, octets, sequence, setOf, time, truth, utf8 } from './der.ts'

/** A subject alternative name. */
export interface CertifiedName {
  readonly type: 'dns' | 'ip'
  readonly value: string
}

export interface KeyPair {
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
}

interface Contents {
  /** Common names. */
  readonly issuer: string
  readonly subject: string
  /** The first bit must be 0. */
  readonly serialNumber: Uint8Array
  readonly notBefore: Date
  readonly notAfter: Date
  readonly publicKey: KeyObject
  /** Of a server; a certificate without names belongs to a CA. */
  readonly names?: readonly CertifiedName[]
}

export const createKeyPair = (): Promise<KeyPair> => promisify(generateKeyPair)('ec', { namedCurve: 'P-256' })

/** An X.509 certificate (RFC 5280) for a P-256 key, in PEM, signed by the issuer's. */
export function issueCertificate(contents: Contents, issuerKey: KeyPair): string {
  const { issuer, subject, serialNumber, notBefore, notAfter, publicKey } = contents
  const signed = sequence(
    explicit(0)(integer(Uint8Array.of(2))),
    integer(serialNumber),
    ecdsaWithSha256,
    commonName(issuer),
    sequence(time(notBefore), time(notAfter)),
    commonName(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    explicit(3)(sequence(...extensionsOf(contents, issuerKey))),
  )
  const signature = sign('sha256', signed, issuerKey.privateKey)
  const certificate = Buffer.from(sequence(signed, ecdsaWithSha256, bits(signature)))
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}

const ecdsaWithSha256 = sequence(objectId('1.2.840.10045.4.3.2'))

const commonName = (name: string): Uint8Array => sequence(setOf(sequence(objectId('2.5.4.3'), utf8(name))))

/** The extension's number below `id-ce`. */
const extension = (number: number, value: Uint8Array): Uint8Array =>
  sequence(objectId(`2.5.29.${number}`), octets(value))
const criticalExtension = (number: number, value: Uint8Array): Uint8Array =>
  sequence(objectId(`2.5.29.${number}`), truth, octets(value))

/** Basic constraints 19, key usage 15, extended key usage 37, names 17, key identifiers 14 and 35. */
function extensionsOf({ publicKey, names }: Contents, { publicKey: issuerKey }: KeyPair): readonly Uint8Array[] {
  const identifier = extension(14, octets(keyIdentifier(publicKey)))
  if (names === undefined)
    return [
      criticalExtension(19, sequence(truth, integer(Uint8Array.of(0)))),
      // keyCertSign and cRLSign.
      criticalExtension(15, bits(Uint8Array.of(0b0000_0110), 1)),
      identifier,
    ]
  return [
    criticalExtension(19, sequence()),
    // digitalSignature.
    criticalExtension(15, bits(Uint8Array.of(0b1000_0000), 7)),
    // serverAuth.
    extension(37, sequence(objectId('1.3.6.1.5.5.7.3.1'))),
    extension(17, sequence(...names.map(alternativeName))),
    identifier,
    extension(35, sequence(implicit(0)(keyIdentifier(issuerKey)))),
  ]
}

const alternativeName = ({ type, value }: CertifiedName): Uint8Array =>
  type === 'dns' ? implicit(2)(Buffer.from(value)) : implicit(7)(addressBytes(value))

/** Of an IPv4 address, or of an IPv6 address with `::`. */
function addressBytes(address: string): Uint8Array {
  if (!isIPv6(address)) return Uint8Array.from(address.split('.').map(Number))
  const [head = [], tail = []] = address.split('::').map((half) => half.split(':').filter(Boolean))
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => '0')
  return Buffer.from([...head, ...zeros, ...tail].map((group) => group.padStart(4, '0')).join(''), 'hex')
}

/** The first 160 bits of the SHA-256 of the point that ends the encoded key (RFC 7093). */
function keyIdentifier(key: KeyObject): Uint8Array {
  const point = key.export({ type: 'spki', format: 'der' }).subarray(-65)
  return createHash('sha256').update(point).digest().subarray(0, 20)
}
