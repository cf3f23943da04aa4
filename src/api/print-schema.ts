import { lexicographicSortSchema, printSchema } from 'graphql'
import { buildApiSchema } from './schema.ts'

// Started by `npm run generate`, which keeps schema/schema.graphql what the code says. Sorted, so that moving a resolver
// changes nothing.
process.stdout.write(`${printSchema(lexicographicSortSchema(await buildApiSchema()))}\n`)
