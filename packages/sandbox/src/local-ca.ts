import 'reflect-metadata'
import { X509Certificate as Certificate } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
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
import { randomHex } from '@sspay/gateway/internal'
import { endpoints } from '@sspay/protocol'

const dayMs = 24 * 60 * 60 * 1000
/** Browsers reject server certificates that are valid for more than 825 days. */
const validityMs = 820 * dayMs
const renewalMs = 30 * dayMs
const signature = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const

export interface TlsFiles {
  /** PEM file that clients must trust. */
  readonly caFile: string
  readonly ca: string
  readonly cert: string
  readonly key: string
}

/** The subject alternative names: this machine, and the service's hosts, for tests that redirect them here. */
export const certifiedNames: readonly JsonGeneralName[] = [
  { type: 'dns', value: 'localhost' },
  { type: 'ip', value: '127.0.0.1' },
  { type: 'ip', value: '::1' },
  ...[endpoints.staging, endpoints.production]
    .flatMap(({ pcWindow, mobileWindow, approval }) => [pcWindow, mobileWindow, approval])
    .map((address) => ({ type: 'dns' as const, value: new URL(address).hostname })),
]

/** Reads `ca.pem`, `server.pem` and `server-key.pem`; creates them when missing, invalid or about to expire. */
export async function openTlsFiles(runtime: Runtime, folder: string): Promise<TlsFiles> {
  const known = await readTlsFiles(folder, runtime.now())
  if (known !== undefined) return known
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const made = await makeCertificates(runtime)
  await replaceFile(join(folder, 'server-key.pem'), made.key, 0o600)
  await replaceFile(join(folder, 'server.pem'), made.cert, 0o644)
  await replaceFile(join(folder, 'ca.pem'), made.ca, 0o644)
  return { ...made, caFile: join(folder, 'ca.pem') }
}

async function readTlsFiles(folder: string, now: Date): Promise<TlsFiles | undefined> {
  const caFile = join(folder, 'ca.pem')
  try {
    const ca = await readFile(caFile, 'utf8')
    const cert = await readFile(join(folder, 'server.pem'), 'utf8')
    const key = await readFile(join(folder, 'server-key.pem'), 'utf8')
    const server = new Certificate(cert)
    const isValid = server.verify(new Certificate(ca).publicKey)
    return isValid && Date.parse(server.validTo) - now.getTime() > renewalMs ? { caFile, ca, cert, key } : undefined
  } catch {
    return undefined
  }
}

/** The CA key is discarded after signing, so that a client which trusts the CA trusts this certificate only. */
async function makeCertificates(runtime: Runtime): Promise<Omit<TlsFiles, 'caFile'>> {
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

async function replaceFile(file: string, text: string, mode: number): Promise<void> {
  const temporary = `${file}.new`
  await writeFile(temporary, text, { mode, flush: true })
  await rename(temporary, file)
}
