import { type Message, required } from '../field-table.ts'
import { alphanumeric, wrappedBase64 } from '../formats.ts'

/** Guide, SS-Pay 회원 삭제 STEP 2: the clear Mid selects the key that decrypts EncData. */
export const sealedEnvelope = {
  EncData: required(
    'sealedBody',
    wrappedBase64(16_384, '9RLYCrmZ5NjU1AHJUMoyhg=='),
    '암호화 데이터(AES-256)',
    'secret',
  ),
  Mid: required('merchantId', alphanumeric(10, 'ssptest01m'), '상점 아이디'),
} as const

/** The envelope around an encrypted body in our names and types. */
export type SealedEnvelope = Message<typeof sealedEnvelope>
