import { expect, test } from '@jest/globals'
import { optionsIn, START_OPTIONS } from '../start-options.ts'
import { readText } from './modules.ts'

test('every way to start Countersign hands the same options to Node.js', () => {
  const lineWith = ({ path, text }: { path: string; text: string }) =>
    readText(path)
      .split('\n')
      .find((line) => line.includes(text)) ?? ''
  const others = [
    lineWith({ path: 'package.json', text: '"countersign": "npm run' }),
    lineWith({ path: 'src/main.ts', text: '#!/usr/bin/env' }),
    lineWith({ path: 'Dockerfile', text: 'ENTRYPOINT' }),
  ]
  expect(START_OPTIONS).toHaveLength(2)
  expect(others.map(optionsIn)).toEqual(others.map(() => START_OPTIONS))
})
