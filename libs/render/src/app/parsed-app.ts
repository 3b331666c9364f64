import type { Finding } from '../finding.ts';
import type { AppManifest } from './app-manifest.ts';

export type ParsedApp =
  { readonly ok: true; readonly app: AppManifest } | { readonly ok: false; readonly errors: Finding[] };
