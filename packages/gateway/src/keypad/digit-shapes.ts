interface Point {
  readonly x: number
  readonly y: number
}

export type Polyline = readonly Point[]

/**
 * Ten numerals as pen strokes in a box 60 wide and 100 high: M, L and C as in SVG, absolute, blanks between numbers.
 */
const strokes: readonly string[] = [
  'M 30 0 C 49 0 60 19 60 50 C 60 81 49 100 30 100 C 11 100 0 81 0 50 C 0 19 11 0 30 0',
  'M 13 19 L 37 1 L 37 100',
  'M 3 28 C 3 11 14 0 30 0 C 46 0 57 10 57 26 C 57 40 49 50 38 61 L 2 99 L 60 99',
  'M 4 21 C 7 8 17 0 30 0 C 46 0 56 9 56 23 C 56 37 46 47 29 47 C 47 47 59 57 59 73 C 59 89 47 100 30 100 C 15 100 4 91 1 77',
  'M 45 100 L 45 1 L 0 70 L 63 70',
  'M 54 1 L 12 1 L 7 46 C 13 39 21 36 30 36 C 48 36 59 48 59 67 C 59 86 47 100 29 100 C 14 100 4 91 1 79',
  'M 44 0 C 21 20 1 44 1 68 C 1 87 13 100 30 100 C 47 100 59 87 59 69 C 59 51 47 39 31 39 C 15 39 4 51 1 66',
  'M 1 1 L 59 1 L 22 100',
  'M 30 46 C 45 46 55 37 55 23 C 55 9 45 0 30 0 C 15 0 5 9 5 23 C 5 37 15 46 30 46 C 47 46 59 57 59 73 C 59 89 47 100 30 100 C 13 100 1 89 1 73 C 1 57 13 46 30 46',
  'M 16 100 C 39 80 59 56 59 32 C 59 13 47 0 30 0 C 13 0 1 13 1 31 C 1 49 13 61 29 61 C 45 61 56 49 59 34',
]

const stepsPerCurve = 12

function pointOnCurve(from: Point, first: Point, second: Point, to: Point, part: number): Point {
  const rest = 1 - part
  const weigh = (a: number, b: number, c: number, d: number): number =>
    rest ** 3 * a + 3 * rest ** 2 * part * b + 3 * rest * part ** 2 * c + part ** 3 * d
  return { x: weigh(from.x, first.x, second.x, to.x), y: weigh(from.y, first.y, second.y, to.y) }
}

function flatten(path: string): Polyline {
  const points: Point[] = []
  for (const [, command, coordinates = ''] of path.matchAll(/([MLC])([ \d.]+)/g)) {
    const numbers = coordinates.trim().split(' ').map(Number)
    const at = (index: number): Point => ({ x: numbers[index * 2] ?? 0, y: numbers[index * 2 + 1] ?? 0 })
    const from = points.at(-1) ?? at(0)
    if (command !== 'C') points.push(at(0))
    else
      for (let step = 1; step <= stepsPerCurve; step++)
        points.push(pointOnCurve(from, at(0), at(1), at(2), step / stepsPerCurve))
  }
  return points
}

export const digitShapes: readonly Polyline[] = strokes.map(flatten)

/** How far the point is from the nearest part of the line. */
export function distanceTo(line: Polyline, x: number, y: number): number {
  let nearest = Number.POSITIVE_INFINITY
  for (let index = 1; index < line.length; index++) {
    const from = line[index - 1] as Point
    const to = line[index] as Point
    const dx = to.x - from.x
    const dy = to.y - from.y
    const square = dx * dx + dy * dy
    const part = square === 0 ? 0 : Math.min(1, Math.max(0, ((x - from.x) * dx + (y - from.y) * dy) / square))
    nearest = Math.min(nearest, (x - from.x - part * dx) ** 2 + (y - from.y - part * dy) ** 2)
  }
  return Math.sqrt(nearest)
}
