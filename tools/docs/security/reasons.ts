/** Why a requirement does not apply, where several share the reason. */
export const reasons = {
  noSuchPart: (ko: string, en: string) => ({ ko: `쓰지 않습니다: ${ko}.`, en: `Nothing here uses ${en}.` }),
  managedMemory: {
    ko: '메모리는 Node.js가 관리하며, 이 저장소에는 네이티브 코드가 없습니다.',
    en: 'Node.js manages memory, and this repository has no native code.',
  },
  httpOneOnly: {
    ko: '리스너는 HTTP/1.1만 말합니다. HTTP/2는 앞단 프록시가 맡습니다.',
    en: 'The listeners speak HTTP/1.1 only; HTTP/2 belongs to a proxy in front.',
  },
  sixDigits: {
    ko: '연동 안내서가 키패드로 누르는 숫자 여섯 자리를 정합니다(규정과의 차이는 통제 문서의 “결제 비밀번호”).',
    en: 'The integration guide fixes six digits on a keypad (deviation: “The payment password” of the controls).',
  },
  agency: {
    ko: '인증번호는 본인인증 기관이 만들고 확인하며, 게이트웨이는 저장하지 않습니다.',
    en: 'The identity agency makes and checks the codes; the gateway stores none.',
  },
  noFederation: {
    ko: '다른 서비스의 로그인(SSO, OAuth, OIDC)을 쓰지 않습니다.',
    en: 'No login of another service (SSO, OAuth, OIDC) is used.',
  },
  noFiles: {
    ko: '파일을 받거나 폴더를 공개하지 않습니다.',
    en: 'No file is uploaded and no folder is served.',
  },
} as const
