// as: libs/shared/src/kernel/duration.ts
// breaks: @typescript-eslint/no-restricted-imports
import { z } from 'zod'; // refused
import { readFileSync } from 'node:fs'; // refused
import { AppError } from './errors.ts';
