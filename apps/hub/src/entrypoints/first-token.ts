import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureFirstAdminToken } from '../features/access/first-admin-token.ts';
import type { Platform } from '../platform/platform.ts';

/**
 * On the first start ever: makes the admin token, keeps it in a file for scripts, and gives what to show to the person
 * who started the hub once it listens. Null on every later start.
 */
export async function prepareFirstToken(platform: Platform): Promise<string | null> {
  const token = await ensureFirstAdminToken(platform.pool, platform.clock);
  if (!token) return null;
  const { dataDir, publicUrl } = platform.config;
  const path = join(dataDir, 'admin-token');
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(path, `${token}\n`, { mode: 0o600 });
  return `\nFairlead listens on ${publicUrl}\nFirst admin token (shown only now, kept in ${path}):\n\n  ${token}\n\n`;
}
