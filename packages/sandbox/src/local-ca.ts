import { X509Certificate as Certificate } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Runtime } from '@sspay/gateway'
import type { Certificates } from './make-certificates.ts'

const dayMs = 24 * 60 * 60 * 1000
const renewalMs = 30 * dayMs

export interface TlsFiles extends Certificates {
  /** PEM file that clients must trust. */
  readonly caFile: string
}

/** Reads `ca.pem`, `server.pem` and `server-key.pem`; creates them when missing, invalid or about to expire. */
export async function openTlsFiles(runtime: Runtime, folder: string): Promise<TlsFiles> {
  const known = await readTlsFiles(folder, runtime.now())
  if (known !== undefined) return known
  await mkdir(folder, { recursive: true, mode: 0o700 })
  // Two hundred modules that only a first start needs.
  const { makeCertificates } = await import('./make-certificates.ts')
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

async function replaceFile(file: string, text: string, mode: number): Promise<void> {
  const temporary = `${file}.new`
  await writeFile(temporary, text, { mode, flush: true })
  await rename(temporary, file)
}
