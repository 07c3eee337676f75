import { columns } from '../command-line/columns.ts'
import { type Call, defineCommand, exitCodes, jsonOption, usualExitCodes } from '../command-line/command.ts'
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
  run: list,
})

async function list({ values, terminal, t }: Call<typeof options>): Promise<number> {
  if (values.json) {
    terminal.output.write(`${JSON.stringify({ phones: testPhones })}\n`)
    return exitCodes.done
  }
  const more = {
    ko: '다른 번호는 모두 입력한 사람으로 인증됩니다. 인증번호는 콘솔의 수신함에 있습니다.',
    en: 'Any other number verifies the person as entered. Codes are in the inbox of the console.',
  }
  terminal.output.write(`${columns(testPhones.map(({ phone, note }) => [phone, t(note)]))}\n${t(more)}\n`)
  return exitCodes.done
}
