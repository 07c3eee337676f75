import 'reflect-metadata'
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type JsonGeneralName,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509'
import type { Runtime } from '@sspay/gateway'
import { randomHex } from '@sspay/gateway/tools'
import { endpoints } from '@sspay/protocol'

const dayMs = 24 * 60 * 60 * 1000
/** Browsers reject server certificates that are valid for more than 825 days. */
const validityMs = 820 * dayMs
const signature = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const

/** The subject alternative names: this machine, and the service's hosts, for tests that redirect them here. */
export const certifiedNames: readonly JsonGeneralName[] = [
  { type: 'dns', value: 'localhost' },
  { type: 'ip', value: '127.0.0.1' },
  { type: 'ip', value: '::1' },
  ...[endpoints.staging, endpoints.production]
    .flatMap(({ pcWindow, mobileWindow, approval }) => [pcWindow, mobileWindow, approval])
    .map((address) => ({ type: 'dns' as const, value: new URL(address).hostname })),
]

/** In PEM. */
export interface Certificates {
  /** What clients must trust. */
  readonly ca: string
  readonly cert: string
  readonly key: string
}

/** The CA key is discarded after signing, so that a client which trusts the CA trusts this certificate only. */
export async function makeCertificates(runtime: Runtime): Promise<Certificates> {
  const authorityKeys = await crypto.subtle.generateKey(signature, true, ['sign', 'verify'])
  const serverKeys = await crypto.subtle.generateKey(signature, true, ['sign', 'verify'])
  const name = `CN=SSPay sandbox CA ${randomHex(runtime, 4)}`
  const period = {
    // One hour ago, for clients whose clock is slow.
    notBefore: new Date(runtime.now().getTime() - dayMs / 24),
    notAfter: new Date(runtime.now().getTime() + validityMs),
  }
  const authority = await X509CertificateGenerator.createSelfSigned({
    ...period,
    name,
    serialNumber: `1${randomHex(runtime, 15)}`,
    keys: authorityKeys,
    signingAlgorithm: signature,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(authorityKeys.publicKey),
    ],
  })
  const server = await X509CertificateGenerator.create({
    ...period,
    issuer: name,
    subject: 'CN=localhost',
    serialNumber: `1${randomHex(runtime, 15)}`,
    publicKey: serverKeys.publicKey,
    signingKey: authorityKeys.privateKey,
    signingAlgorithm: signature,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension([...certifiedNames]),
      await SubjectKeyIdentifierExtension.create(serverKeys.publicKey),
      await AuthorityKeyIdentifierExtension.create(authorityKeys.publicKey),
    ],
  })
  const keyBytes = await crypto.subtle.exportKey('pkcs8', serverKeys.privateKey)
  return {
    ca: `${authority.toString('pem')}\n`,
    cert: `${server.toString('pem')}\n`,
    key: `${PemConverter.encode(keyBytes, 'PRIVATE KEY')}\n`,
  }
}
