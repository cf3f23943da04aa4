#!/usr/bin/env -S node --min-semi-space-size=4 --max-semi-space-size=4
// The command `countersign`: reads the configuration and does what its arguments say.
import 'reflect-metadata'
import { setFlagsFromString } from 'node:v8'

// Reading a long order log makes much garbage quickly. Left alone, the heap grows with the machine, to many times what
// is alive in it; so it is told to stay close, before anything else is loaded. It is no limit: what must live may.
// The part for what was just made stays as it starts: it would grow to tens of megabytes that are never given back. V8 takes
// its size at the start alone: each way to start Countersign names 4 MB, in which a page of orders dies with its page.
setFlagsFromString('--heap-growing-percent=20')
setFlagsFromString('--semi-space-growth-factor=1')

const { runCommand } = await import('./cli.ts')

// All that must end well has ended by now; Agenda's own timers would keep the process for some seconds more.
process.exit(await runCommand({ arguments: process.argv, environment: process.env }))
