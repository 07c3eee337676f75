/** Work under way that closes gaps; a row that names one is filled when it is merged. */
export const underway = {
  cookies: { ko: '`__Host-` 쿠키(콘솔, 결제창)', en: '`__Host-` cookies of console and window' },
  boundWindow: {
    ko: '결제창을 연 브라우저에만 묶기(쿠키)',
    en: 'window bound to the browser that opened it, by cookie',
  },
  samePerson: {
    ko: '본인 판단을 CI로, 재설정하면 카드와 패스키를 지움',
    en: 'CI decides who is the same person; a reset removes cards and passkeys',
  },
  oldPhone: { ko: '예전 휴대전화로 알림', en: 'message to the old phone' },
  hiddenCards: {
    ko: '비밀번호 전에는 카드를 보이지 않음',
    en: 'cards are shown after the password only',
  },
  consoleLogin: {
    ko: '콘솔은 루프백에서만, 아니면 인증하는 프록시 뒤에서만',
    en: 'console on loopback only, or behind an authenticating proxy',
  },
  unsafeSettings: { ko: '안전하지 않은 설정으로는 시작하지 않음', en: 'unsafe settings refused at the start' },
  plainHttp: { ko: '평문 HTTP의 결제창 거절', en: 'window posts over plain HTTP rejected' },
  tlsCiphers: {
    ko: 'TLS 1.2에서 RSA 키 교환과 재협상 제외',
    en: 'TLS 1.2 without RSA key exchange and renegotiation',
  },
  rootKeyRotation: { ko: '결제 중 루트 키 교체', en: 'root key rotation while payments go on' },
  securityEvents: { ko: '보안 이벤트 기록', en: 'security events with address and actor' },
  forgetUnpaid: { ko: '인증되지 않은 결제의 자동 삭제', en: 'deletion of unauthenticated payments' },
} as const
