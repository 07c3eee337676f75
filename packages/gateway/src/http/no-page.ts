/** Of an answer that is no page: a browser that opens its address shows a text without rights, and never in a frame. */
export const noPageHeaders = {
  'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
} as const
