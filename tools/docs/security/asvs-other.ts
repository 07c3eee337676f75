import { notApplicable, type Requirements } from './model.ts'
import { reasons } from './reasons.ts'

const compactTokens = {
  ko: '스스로 내용을 담은 토큰(JWT)을 쓰지 않습니다. 세션과 승인 티켓은 서버에서 찾는 무작위 값입니다.',
  en: 'No self-contained tokens (JWT): sessions and tickets are random and looked up on the server.',
}
const webRtc = reasons.noSuchPart('WebRTC', 'WebRTC')

/** Chapters of which nothing applies, one row for each section. */
export const asvsOther: Requirements = {
  'V5.1': notApplicable('파일 처리의 문서', 'Documentation of files', reasons.noFiles),
  'V5.2': notApplicable('파일 올리기', 'Uploads', reasons.noFiles),
  'V5.3': notApplicable('파일 저장', 'Storage of files', reasons.noFiles),
  'V5.4': notApplicable('파일 내려받기', 'Downloads of files', {
    ko: '올린 파일이 없습니다. 콘솔의 CSV와 JSON은 고정된 이름의 첨부로 나갑니다(V1.2.10).',
    en: 'There are no uploads; CSV and JSON of the console are attachments with fixed names (V1.2.10).',
  }),
  'V9.1': notApplicable('토큰의 출처와 무결성', 'Source and integrity of tokens', compactTokens),
  'V9.2': notApplicable('토큰의 내용', 'Content of tokens', compactTokens),
  'V10.1': notApplicable('OAuth와 OIDC 일반', 'OAuth and OIDC', reasons.noFederation),
  'V10.2': notApplicable('OAuth 클라이언트', 'OAuth clients', reasons.noFederation),
  'V10.3': notApplicable('OAuth 리소스 서버', 'OAuth resource servers', reasons.noFederation),
  'V10.4': notApplicable('OAuth 인가 서버', 'OAuth authorization servers', reasons.noFederation),
  'V10.5': notApplicable('OIDC 클라이언트', 'OIDC clients', reasons.noFederation),
  'V10.6': notApplicable('OpenID 제공자', 'OpenID providers', reasons.noFederation),
  'V10.7': notApplicable('동의 관리', 'Consent', reasons.noFederation),
  'V17.1': notApplicable('TURN 서버', 'TURN servers', webRtc),
  'V17.2': notApplicable('미디어', 'Media', webRtc),
  'V17.3': notApplicable('시그널링', 'Signaling', webRtc),
}
