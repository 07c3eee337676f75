import type { LocalizedText } from '@sspay/protocol'

/** Why a request holds no fields: what was sent, and what to send. */
export interface BodyExplanation {
  readonly words: LocalizedText
  /** For programs: `method`, `json_body`. */
  readonly mistakes: readonly string[]
}

const explained = (mistake: string, ko: string, en: string): BodyExplanation => ({
  mistakes: [mistake],
  words: { ko, en },
})

const formType = 'application/x-www-form-urlencoded'

/** The first words of a short text may become the message of the answer: method, type and cure come first. */
function explainMethod({ method, headers }: Request, wanted: 'form' | 'json'): BodyExplanation | undefined {
  if (method === 'POST') return undefined
  if (method === 'OPTIONS' && headers.has('origin'))
    return wanted === 'json'
      ? explained(
          'browser_call',
          '브라우저에서 부르지 마세요. 상점 서버에서 POST로 부르세요. (OPTIONS: 브라우저가 보낸 CORS 확인)',
          "Do not call this from a browser: POST from the shop's server. OPTIONS is the CORS preflight of a browser.",
        )
      : explained(
          'browser_call',
          'fetch로 부르지 마세요. 결제창은 <form>을 POST로 제출해서 엽니다. (OPTIONS: 브라우저가 보낸 CORS 확인)',
          'Do not use fetch: submit a <form> by POST to open the window. OPTIONS is the CORS preflight of a browser.',
        )
  const shown = /^[A-Z]{1,10}$/.test(method) ? method : '?'
  return explained(
    'method',
    `${shown}(으)로 왔습니다. 주소 뒤의 값은 읽지 않습니다. 본문에 담아 POST로 보내세요.`,
    `${shown} came, and values in the address are not read: send them in the body of a POST.`,
  )
}

/**
 * Explains a body without usable fields.
 *
 * @param start of the body, or the first name in it
 * @param wanted what the address takes: only a form, or JSON as well
 */
export function explainBody(request: Request, start: string, wanted: 'form' | 'json'): BodyExplanation | undefined {
  const wrongMethod = explainMethod(request, wanted)
  if (wrongMethod !== undefined) return wrongMethod
  const type = (request.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  const cure =
    wanted === 'form'
      ? { ko: `폼(${formType})으로 보내세요.`, en: `Send a form (${formType}).` }
      : { ko: `JSON 객체나 폼(${formType})으로 보내세요.`, en: `Send a JSON object or a form (${formType}).` }
  if (start === '') return explained('empty_body', `본문이 비어 있습니다. ${cure.ko}`, `The body is empty. ${cure.en}`)
  if (type === 'multipart/form-data' || start.startsWith('--'))
    return explained(
      'multipart',
      `multipart/form-data는 읽지 않습니다. ${cure.ko} (FormData 대신 URLSearchParams)`,
      `multipart/form-data is not read. ${cure.en} In JavaScript use URLSearchParams, not FormData.`,
    )
  if (!/^[{["]/.test(start)) return undefined
  return wanted === 'form'
    ? explained(
        'json_body',
        `본문이 JSON입니다. 결제 요청은 ${cure.ko} fetch가 아니라 구매자의 브라우저에서 <form>을 제출합니다.`,
        `The body is JSON. ${cure.en} The browser of the buyer submits a <form>; fetch opens no window.`,
      )
    : explained(
        'json_syntax',
        'JSON 객체로 읽을 수 없습니다. 따옴표, 쉼표, 괄호를 확인하고, 값은 글자나 숫자로만 적으세요.',
        'The JSON is not one object of texts and numbers: check quotes, commas and brackets.',
      )
}
