import type { FirstHours } from './model.ts'

const sandbox = 'packages/sandbox/test'
const commandLine = `${sandbox}/command-line/command-line.test.ts`
const inEachLanguage = [`${sandbox}/command-line/errors.test.ts`, 'cause and cure in each language: sspay …'] as const
const oldNode = [`${sandbox}/bin.test.ts`, '… on an old Node.js names the version and two ways to it'] as const

/** What a developer types, and reads. */
export const sandboxRows: FirstHours = {
  'starts where the ports are taken': {
    test: [`${sandbox}/sandbox.test.ts`, 'taken ports are named together with their variables, and nothing stays open'],
    text: { cause: '(데모 상점', cure: '지정하세요: ' },
  },
  'names a file as the data folder': {
    test: inEachLanguage,
    text: { cause: '폴더가 있어야 할 자리에 파일이 있습니다\\(EEXIST\\)', cure: '--data FOLDER, SSPAY_DATA' },
  },
  'names a data folder of another user': {
    test: [`${sandbox}/system-error.test.ts`, 'cause and cure: … ……'],
    text: { cause: '권한이 없습니다\\(EACCES\\)', cure: 'chmod.*다른 폴더를' },
  },
  'runs sspay with an old Node.js': {
    test: oldNode,
    text: { cause: 'process.version', cure: 'npm install --save-dev node@24' },
  },
  'opens the demo shop on a phone': {
    test: [`${sandbox}/addresses.test.ts`, 'under another address of this machine a whole payment stays there'],
  },
  'misspells a command': {
    test: [commandLine, 'no such command: …'],
    text: { cause: 'there is no such command', cure: 'did you mean sspay explain' },
  },
  'types a command without a sandbox': {
    test: [commandLine, 'without a sandbox every command that needs one reports it, with the cure'],
    text: { cause: '샌드박스가 응답하지 않습니다', cure: 'npm start.*--console' },
  },
  'names a gateway that does not answer': {
    test: inEachLanguage,
    text: { cause: '응답이 없습니다', cure: 'SSPAY_GATEWAY_PORT' },
  },
  'asks what no_ok means': {
    test: [
      `${sandbox}/explain/outcome-words.test.ts`,
      'explain knows each word of the request log and each state of a notification',
    ],
  },
  'asks what a part of a message means': {
    test: [`${sandbox}/explain/explain-command.test.ts`, 'a part that requests and answers share is not guessed at: …'],
    text: { cause: '요청과 응답에 다 있는 항목뿐', cure: '로 보내세요' },
  },
  'compares the times of notifications and payments': {
    test: [
      `${sandbox}/notifications/command.test.ts`,
      'list shows one line per notification, or the JSON of the console',
    ],
  },
  'has no LANG on Windows': {
    test: [commandLine, 'on Windows and macOS the language of the system counts where no variable names one'],
  },
  'reads how to trust the certificate': {
    test: [
      `${sandbox}/start.test.ts`,
      'the start says where everything is, which card to use and how to trust the certificate',
    ],
  },
  'lists the newest charges': {
    test: [`${sandbox}/cards/command.test.ts`, 'a total of the newest charges is not called that of all'],
    text: { cause: '건만의 남은 청구액', cure: '--limit 으로 늘리세요' },
  },
  'finds the payment of check-window': {
    test: [
      `${sandbox}/window-check/check-window.test.ts`,
      'the window of the check is aborted; a given window is only read, with the cookie of its browser',
    ],
  },
  'reads one voice': { test: ['test/docs/page-form.test.ts', 'documents, programs and examples ask with 하세요'] },
  'looks for a heading of a page': { test: ['test/docs/page-form.test.ts', 'no page has a heading twice'] },
  'reads a table of the command line': { test: ['test/docs/page-form.test.ts', 'every table has headings'] },
  'searches for S002': {
    test: [
      'test/docs/fuzziness.test.ts',
      'the search finds a misspelt word, and no other result code than the one that is typed',
    ],
  },
  'reads the tables of the protocol on a phone': {
    test: ['test/docs/wide-tables.test.ts', 'the cells of a wide table know their headings, row after row'],
  },
}
