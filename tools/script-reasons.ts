import type { InventoriedScript } from '../packages/gateway/src/built-scripts.ts'

type Reason = Pick<InventoriedScript, 'name' | 'delivery' | 'path' | 'purpose' | 'runsOn'>

/** Written by hand: why each script that reaches a buyer is there. A built script without an entry fails the build. */
export const scriptReasons: Readonly<Record<string, Reason>> = {
  'packages/browser/dist/smartropay.js': {
    name: 'SmartroPAY-1.0.min.js',
    delivery: 'file',
    path: '/asset/js/SmartroPAY-1.0.min.js',
    purpose: {
      ko: '쇼핑몰의 결제 폼을 결제창으로 보내고, PC에서는 결제창을 레이어로 띄워 인증 결과를 쇼핑몰 페이지에 전달합니다. 카드 정보는 다루지 않습니다.',
      en: "Posts the shop's payment form to the window; on a PC it shows the window in a layer and hands the result to the shop's page. It handles no card data.",
    },
    runsOn: { ko: '쇼핑몰의 결제 페이지', en: "The shop's payment page" },
  },
  'packages/gateway/dist/window.js': {
    name: 'window.js',
    delivery: 'inline',
    purpose: {
      ko: '결제창 화면을 빠르게 합니다: 키패드 입력 모으기, 입력한 숫자 띄어쓰기, 잘못된 입력과 카드사 알려 주기, 다음 칸으로 이동, 전체 동의, 중복 제출 방지, 패스키 확인, 결과를 쇼핑몰로 전달. 없어도 결제할 수 있습니다.',
      en: 'Makes the window quick: collects keypad taps, groups typed digits, tells wrong input and the card issuer, moves on to the next field, agrees to all, submits once, asks the device for a passkey, returns to the shop. Every payment works without it.',
    },
    runsOn: { ko: '결제창의 모든 페이지', en: 'Every page of the payment window' },
  },
}
