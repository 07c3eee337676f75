/**
 * 결과를 모르는 결제를 서버가 시작할 때, 그 뒤로는 1분마다 확인합니다. 서버가 계속 켜져 있지 않은 곳에서는 이 파일 대신 예약 작업이
 * `/pay/recover`를 `Authorization: Bearer SSPAY_RECOVERY_KEY`로 부르게 하세요.
 */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return
  const { openCheckout } = await import('./checkout.ts')
  openCheckout().startRecovery()
}
