// as: libs/shared/src/contracts/paging.ts
// breaks: @typescript-eslint/no-restricted-imports
import createClient from 'openapi-fetch'; // refused
import { readFileSync } from 'node:fs'; // refused
import { openClient } from '../client/index.ts'; // refused
import { z } from 'zod';
