#!/usr/bin/env node
// The command `countersign`: reads the configuration and does what its arguments say.
import 'reflect-metadata'
import { runCommand } from './cli.ts'

process.exitCode = await runCommand({ arguments: process.argv, environment: process.env })
