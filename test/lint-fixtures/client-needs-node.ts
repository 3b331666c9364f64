// as: libs/shared/src/client/index.ts
// breaks: @typescript-eslint/no-restricted-imports
import { request } from 'node:http'; // refused
import { z } from 'zod'; // refused
import createClient from 'openapi-fetch';
