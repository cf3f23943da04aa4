/**
 * What a source yields, asked for one ahead: while one value is worked on, the next is on its way. When the reader stops,
 * what is on its way is waited for and dropped, so that nothing is left under way. Throws what the source throws, after
 * all that came before it was worked on.
 */
export async function* oneAhead<T>(source: AsyncGenerator<T>): AsyncGenerator<T> {
  try {
    let coming = source.next()
    for (let { done, value } = await coming; !done; { done, value } = await coming) {
      coming = source.next()
      // It is thrown when its turn comes.
      coming.catch(() => undefined)
      yield value as T
    }
  } finally {
    await source.return(undefined)
  }
}
