import { type Reading, readingsOf } from './encodings.ts'
import type { Mistake, RecipeMistake } from './mistake.ts'
import { digestBy, type Recipe } from './recipe.ts'

/** Longer values are none of the guide's, and thousands of recipes are tried with them. */
const mostCharacters = 512

/** A mistake may put in another field, or make the key longer. */
const mostCharactersTried = 2 * mostCharacters

const lengthOf = ({ parts }: Recipe): number => parts.reduce((sum, { value }) => sum + value.length, 0)

/** The fewest characters that are taken for the beginning of a digest. */
const shortestCut = 12

export const cut: Mistake = { id: 'cut', ko: '뒤가 잘렸습니다', en: 'is cut off at its end' }

/**
 * The mistakes, as few as possible, that together turn the right recipe into what was given: none when it is right, undefined when no
 * known ones do.
 */
export function findMistakes(
  right: Recipe,
  given: string,
  known: readonly RecipeMistake[],
): readonly Mistake[] | undefined {
  const readings = readingsOf(given)
  const plain = matching(readings, right) ?? cutOff(right, given)
  if (plain !== undefined || lengthOf(right) > mostCharacters) return plain
  const match: Match = (recipe) =>
    lengthOf(recipe) + recipe.key.length > mostCharactersTried ? undefined : matching(readings, recipe)
  return findAlone(right, known, match) ?? findPair(right, known, match)
}

type Match = (recipe: Recipe) => readonly Mistake[] | undefined

function findAlone(right: Recipe, known: readonly RecipeMistake[], match: Match): readonly Mistake[] | undefined {
  for (const mistake of known)
    for (const recipe of mistake.changes(right)) {
      const found = match(recipe)
      if (found !== undefined) return [...found, mistake]
    }
  return undefined
}

function findPair(right: Recipe, known: readonly RecipeMistake[], match: Match): readonly Mistake[] | undefined {
  const narrow = known.filter(({ isWide }) => !isWide)
  for (const [index, first] of narrow.entries())
    for (const halfway of first.changes(right)) {
      const others = narrow.slice(index + 1).filter(({ kind }) => kind !== first.kind)
      const found = findAlone(halfway, others, match)
      if (found !== undefined) return [...found.slice(0, -1), first, ...found.slice(-1)]
    }
  return undefined
}

/** The encoding's mistake, if any, under which the recipe gives what was read. */
function matching(readings: readonly Reading[], recipe: Recipe): readonly Mistake[] | undefined {
  const fitting = readings.filter(({ bytes }) => bytes.length === recipe.algorithm.length)
  if (fitting.length === 0) return undefined
  const digest = digestBy(recipe)
  const found = fitting.find(({ bytes }) => Buffer.compare(bytes, digest) === 0)
  return found && (found.mistake === undefined ? [] : [found.mistake])
}

/** A column or a field that was too short. */
function cutOff(right: Recipe, given: string): readonly Mistake[] | undefined {
  const digest = Buffer.from(digestBy(right))
  const isStart = (text: string): boolean =>
    given.length >= shortestCut && given.length < text.length && text.startsWith(given)
  const isKnown = isStart(digest.toString('base64').replace(/={1,2}$/, '')) || isStart(digest.toString('hex'))
  return isKnown ? [cut] : undefined
}
