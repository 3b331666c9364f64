// as: libs/render/src/index.ts
// breaks: @typescript-eslint/no-restricted-imports
import { readFileSync } from 'node:fs'; // refused
import { load } from 'js-yaml'; // refused
import { canonicalJson } from '@fairlead/manifests';
