/** How many letters may differ in a word for it to be taken for another one: none in the shortest, two at the most. */
function distanceMaxFor(word: string): number {
  return Math.min(2, Math.floor(word.length / 4))
}

/**
 * The known word that a misspelt one was meant to be: the nearest, whatever its case, in which at most two letters are
 * wrong, missing, too many or exchanged (fewer in short words). Null when none is near.
 */
function didYouMean({ given, known }: { given: string; known: Iterable<string> }): string | null {
  let best: { word: string; distance: number } | null = null
  for (const word of known) {
    const distance = editDistance(given.toUpperCase(), word.toUpperCase())
    if (distance <= distanceMaxFor(word) && (best === null || distance < best.distance)) best = { word, distance }
  }
  return best?.word ?? null
}

/** ` Did you mean "x"?`, to be put behind a sentence; nothing when no word is near. */
export function meantBy(args: { given: string; known: Iterable<string> }): string {
  const meant = didYouMean(args)
  return meant === null ? '' : ` Did you mean "${meant}"?`
}

/** Letters to replace, insert, leave out, or exchange with their neighbour, to make one text of another. */
function editDistance(from: string, to: string): number {
  if (Math.abs(from.length - to.length) > 2) return 3
  const rows = [Array.from({ length: to.length + 1 }, (_, column) => column)]
  for (let row = 1; row <= from.length; row++) {
    const line = [row]
    for (let column = 1; column <= to.length; column++) {
      const replaced = rows[row - 1]![column - 1]! + (from[row - 1] === to[column - 1] ? 0 : 1)
      const least = Math.min(replaced, rows[row - 1]![column]! + 1, line[column - 1]! + 1)
      const exchanged =
        row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
          ? rows[row - 2]![column - 2]! + 1
          : least
      line.push(Math.min(least, exchanged))
    }
    rows.push(line)
  }
  return rows[from.length]![to.length]!
}
