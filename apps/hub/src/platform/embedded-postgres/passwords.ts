import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { hasCode } from '../system-error.ts';

const Passwords = z.object({ superuser: z.string(), owner: z.string(), hub: z.string() });
export type Passwords = z.infer<typeof Passwords>;

/** Passwords of the three roles, made once and kept in a file that only the hub's user can read. */
export function loadPasswords(path: string): Passwords {
  try {
    return Passwords.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
  const secret = () => randomBytes(24).toString('base64url');
  const passwords = { superuser: secret(), owner: secret(), hub: secret() };
  writeFileSync(path, `${JSON.stringify(passwords, null, 2)}\n`, { mode: 0o600 });
  return passwords;
}
