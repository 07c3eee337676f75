import 'reflect-metadata'
import { X509Certificate as Certificate } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  type JsonGeneralName,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  type PublicKeyType,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509'
import type { Runtime } from '@sspay/gateway'
import { randomHex } from '@sspay/gateway/internal'
import { endpoints } from '@sspay/protocol'

const dayMs = 24 * 60 * 60 * 1000
/** Browsers refuse server certificates of more than 825 days. */
const lifeMs = 820 * dayMs
const renewalMs = 30 * dayMs
const signature = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const

export interface TlsFiles {
  /** What clients must trust, PEM. */
  readonly caFile: string
  readonly ca: string
  readonly cert: string
  readonly key: string
}

/** The names the certificate is good for: this machine, and the service's own hosts for tests that redirect them here. */
export const certifiedNames: readonly JsonGeneralName[] = [
  { type: 'dns', value: 'localhost' },
  { type: 'ip', value: '127.0.0.1' },
  { type: 'ip', value: '::1' },
  ...[endpoints.staging, endpoints.production]
    .flatMap(({ pcWindow, mobileWindow, approval }) => [pcWindow, mobileWindow, approval])
    .map((address) => ({ type: 'dns' as const, value: new URL(address).hostname })),
]

/** Reads `ca.pem`, `server.pem` and `server-key.pem` in `folder`; makes them when absent, unreadable or about to expire. */
export async function openTlsFiles(runtime: Runtime, folder: string): Promise<TlsFiles> {
  const known = await readTlsFiles(folder)
  if (known !== undefined && isGoodFor(renewalMs, known, runtime.now())) return known
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const made = await makeCertificates(runtime)
  await replaceFile(join(folder, 'server-key.pem'), made.key, 0o600)
  await replaceFile(join(folder, 'server.pem'), made.cert, 0o644)
  await replaceFile(join(folder, 'ca.pem'), made.ca, 0o644)
  return { ...made, caFile: join(folder, 'ca.pem') }
}

async function readTlsFiles(folder: string): Promise<TlsFiles | undefined> {
  const caFile = join(folder, 'ca.pem')
  try {
    const [ca, cert, key] = await Promise.all(
      [caFile, join(folder, 'server.pem'), join(folder, 'server-key.pem')].map((file) => readFile(file, 'utf8')),
    )
    return { caFile, ca: ca ?? '', cert: cert ?? '', key: key ?? '' }
  } catch {
    return undefined
  }
}

function isGoodFor(restMs: number, { ca, cert }: TlsFiles, now: Date): boolean {
  try {
    const issuer = new Certificate(ca)
    const server = new Certificate(cert)
    return server.verify(issuer.publicKey) && Date.parse(server.validTo) - now.getTime() > restMs
  } catch {
    return false
  }
}

/** The authority's key is forgotten as soon as it has signed: whoever trusts it trusts one certificate and no other. */
async function makeCertificates(runtime: Runtime): Promise<Omit<TlsFiles, 'caFile'>> {
  const authorityKeys = await crypto.subtle.generateKey(signature, true, ['sign', 'verify'])
  const serverKeys = await crypto.subtle.generateKey(signature, true, ['sign', 'verify'])
  const name = `CN=SSPay sandbox CA ${randomHex(runtime, 4)}`
  const period = {
    // An hour back, for clients whose clock is a little late.
    notBefore: new Date(runtime.now().getTime() - dayMs / 24),
    notAfter: new Date(runtime.now().getTime() + lifeMs),
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
    extensions: await serverExtensions(authorityKeys.publicKey, serverKeys.publicKey),
  })
  const keyBytes = await crypto.subtle.exportKey('pkcs8', serverKeys.privateKey)
  return {
    ca: `${authority.toString('pem')}\n`,
    cert: `${server.toString('pem')}\n`,
    key: `${PemConverter.encode(keyBytes, 'PRIVATE KEY')}\n`,
  }
}

const serverExtensions = async (authorityKey: PublicKeyType, serverKey: PublicKeyType): Promise<Extension[]> => [
  new BasicConstraintsExtension(false, undefined, true),
  new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
  new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
  new SubjectAlternativeNameExtension([...certifiedNames]),
  await SubjectKeyIdentifierExtension.create(serverKey),
  await AuthorityKeyIdentifierExtension.create(authorityKey),
]

async function replaceFile(file: string, text: string, mode: number): Promise<void> {
  const unfinished = `${file}.new`
  await writeFile(unfinished, text, { mode, flush: true })
  await rename(unfinished, file)
}
