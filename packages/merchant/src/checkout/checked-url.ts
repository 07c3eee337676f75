/** What is left of the 100 characters of ReturnUrl beside `/return?order=` and the longest order id. */
export const longestUrl = 46

const isLocal = (hostname: string): boolean => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)

/** Whether a checkout may answer there: https, or this machine, without query, fragment or user. */
export function isCheckoutUrl(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || url.search !== '' || url.hash !== '' || url.username !== '') return false
  if (text.length > longestUrl) return false
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLocal(url.hostname))
}
