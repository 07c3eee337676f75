import { isLoopbackHost } from '../network-address.ts'

/** Host names of the payment window; `*.` stands for one label. Undefined if none is configured: no name is trusted. */
export type PublicHosts = readonly string[] | undefined

const matches = (pattern: string, hostname: string): boolean =>
  pattern.startsWith('*.') ? hostname.replace(/^[^.]+/, '*') === pattern : hostname === pattern

/**
 * Whether the operator or the TLS certificate names this `Host`. A client can send any `Host`, so check it before
 * showing it to people or using it as the relying party of a passkey.
 */
export const isPublicHost = (hostname: string, hosts: PublicHosts): boolean =>
  isLoopbackHost(hostname) || (hosts ?? []).some((pattern) => matches(pattern, hostname.toLowerCase()))

/** {@link isPublicHost}, or any name in a sandbox, where no money moves. */
export const isTrustedHost = (
  { isSandbox, publicHosts }: { readonly isSandbox: boolean; readonly publicHosts?: PublicHosts },
  hostname: string,
): boolean => isSandbox || isPublicHost(hostname, publicHosts)
