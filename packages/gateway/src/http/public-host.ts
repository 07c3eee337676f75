import { X509Certificate } from 'node:crypto'
import { isLoopbackName } from './own-host.ts'

/** Names under which buyers reach the gateway; `*.` stands for one label. Undefined: nobody has named any, and none is trusted. */
export type PublicHosts = readonly string[] | undefined

/** The DNS names of a PEM certificate, as they stand in its subject alternative names. */
export const namesOfCertificate = (cert: string): readonly string[] =>
  [...(new X509Certificate(cert).subjectAltName ?? '').matchAll(/(?:^|, )DNS:([A-Za-z0-9.*-]+)/g)].map(
    ([, name = '']) => name.toLowerCase(),
  )

const matches = (pattern: string, hostname: string): boolean =>
  pattern.startsWith('*.') ? hostname.replace(/^[^.]+/, '*') === pattern : hostname === pattern

/**
 * Whether the `Host` of a request is a name that the operator, or the certificate, has given. What goes out to people under the host's
 * name, for example the relying party of a passkey, asks this first: a client can write any `Host`.
 */
export const isPublicHost = (hostname: string, hosts: PublicHosts): boolean =>
  isLoopbackName(hostname) || (hosts ?? []).some((pattern) => matches(pattern, hostname.toLowerCase()))

/** The same where nobody is deceived: a sandbox, which pays nothing, trusts any name. */
export const isTrustedHost = (
  { isSandbox, publicHosts }: { readonly isSandbox: boolean; readonly publicHosts?: PublicHosts },
  hostname: string,
): boolean => isSandbox || isPublicHost(hostname, publicHosts)
