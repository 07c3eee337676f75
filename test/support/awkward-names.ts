/**
 * Names of merchants that are legal and that careless code trips over: quotes, markup, other scripts, characters beyond
 * windows-949.
 */
export const awkwardNames = [
  '테스트 상점',
  `"따옴표" & <b>'상점'</b>; drop table merchants`,
  '커피☕ 👩‍👩‍👧‍👦 상점',
  'Ünïcödé Ｓｈｏｐ',
  '한글 분해형',
  'مقهى القاهرة',
  'a=b&c=d%00+{}[]\\n',
  '뷁쉟뙠',
  '\u00a0상점\u3000',
  '🍕'.repeat(60),
] as const
