import assert from 'node:assert/strict'

/** A part that folds holds the payment service's own text; comments, style and scripts are no text of the page. */
const notRead = /<(details|style|script)\b.*?<\/\1>|<!--.*?-->/gs
const otherVoices = /니다(?=[.,!?\s<]|$)|니까\?|십시오|(?<!안녕)하세요|마세요/

/** Fails for a page whose open text is not in 해요체. */
export function assertBuyersVoice(page: string): void {
  const open = page.replace(notRead, '')
  assert.doesNotMatch(open, otherVoices)
}
