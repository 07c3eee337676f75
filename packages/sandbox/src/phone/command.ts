import { printAnswer } from '../command-line/ask-console.ts'
import { columns } from '../command-line/columns.ts'
import { type Call, defineCommand, jsonOption, usualExitCodes } from '../command-line/command.ts'
import { testPhones } from './test-phones.ts'

const options = { json: jsonOption } as const

export const phonesCommand = defineCommand({
  name: 'phones',
  summary: {
    ko: '본인인증이 실패하는 테스트 휴대폰 번호',
    en: 'lists the test phone numbers whose identity verification fails',
  },
  verbs: { list: { ko: '번호마다 일어나는 일', en: 'the effect of each number' } },
  options,
  exitCodes: usualExitCodes,
  examples: [{ line: 'sspay phones list', ko: '어떤 번호로 무엇을 시험할지', en: 'which number tests what' }],
  run: async (call) => list(call),
})

function list(call: Call<typeof options>): number {
  const more = {
    ko: '다른 번호는 모두 입력한 사람으로 인증됩니다. 인증번호는 콘솔의 수신함에 있습니다.',
    en: 'Any other number verifies the person as entered. Codes are in the inbox of the console.',
  }
  const rows = testPhones.map(({ phone, note }) => [phone, call.t(note)])
  return printAnswer(call, { isDone: true, json: { phones: testPhones } }, () => `${columns(rows)}\n${call.t(more)}\n`)
}
