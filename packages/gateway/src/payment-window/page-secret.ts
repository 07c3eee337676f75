/** The hidden field of a window that is bound by page. */
export const pageSecretField = 'pageSecret'

/** Adds the secret to each form that posts back to the window. A form with an action leads to the shop, which must not get it. */
export const withPageSecret = (page: string, secret: string): string =>
  page.replace(
    /<form\b(?![^>]*\saction=)[^>]*>/g,
    (tag) => `${tag}<input type="hidden" name="${pageSecretField}" value="${secret}">`,
  )
