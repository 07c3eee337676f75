/** One address for each host. Throws, without showing the password, when it is none. */
export function addressesOf(url: string): readonly string[] {
  const [, scheme, user = '', hosts = '', rest = ''] =
    /^(postgres(?:ql)?:\/\/)([^@/?#]*@)?([^/?#]+)(.*)$/.exec(url) ?? []
  const addresses = hosts.split(',').map((host) => `${scheme}${user}${host}${rest}`)
  if (scheme === undefined || addresses.some((address) => !URL.canParse(address)))
    throw new Error('The database address is not postgres://user:password@host:port/database.')
  return addresses
}
