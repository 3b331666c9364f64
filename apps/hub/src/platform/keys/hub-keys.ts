import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { CodedError, type Secret } from '@fairlead/shared/kernel';
import { hasCode } from '../system-error.ts';

export interface HubKey {
  /** Names the key without telling anything about it. */
  keyId: string;
  /** 32 bytes. */
  key: Buffer;
}

export interface HubKeys {
  /** Seals. */
  current: HubKey;
  /** Open; `current` is the first. */
  all: HubKey[];
  /** Signs access tokens of agents. */
  signing: HubKey;
}

export const HUB_KEYS = Symbol('HubKeys');

const KeyFile = z.object({ keys: z.array(z.object({ keyId: z.string(), key: z.base64() })).min(1) });

/** Keys from the environment, else from files in the data directory, which are made on the first start. */
export function loadHubKeys(options: { dataDir: string; sealing: Secret | null; signing: Secret | null }): HubKeys {
  const file = (name: string) => join(options.dataDir, 'keys', name);
  const all = options.sealing ? fromText(options.sealing) : fromFile(file('sealing.json'));
  const signing = options.signing ? fromText(options.signing) : fromFile(file('signing.json'));
  const [current] = all;
  const [signer] = signing;
  if (!current || !signer) throw invalidKey();
  return { current, all, signing: signer };
}

function fromText(text: Secret): HubKey[] {
  return text
    .reveal()
    .split(',')
    .map((part) => {
      const key = Buffer.from(part.trim(), 'base64');
      if (key.length !== 32) throw invalidKey();
      return { keyId: createHash('sha256').update('fairlead key id').update(key).digest('hex').slice(0, 16), key };
    });
}

function fromFile(path: string): HubKey[] {
  const text = readIfPresent(path) ?? makeFile(path);
  return KeyFile.parse(JSON.parse(text)).keys.map(({ keyId, key }) => {
    const bytes = Buffer.from(key, 'base64');
    if (bytes.length !== 32) throw invalidKey();
    return { keyId, key: bytes };
  });
}

function readIfPresent(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}

function makeFile(path: string): string {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const fresh = { keys: [{ keyId: randomBytes(8).toString('hex'), key: randomBytes(32).toString('base64') }] };
  const text = `${JSON.stringify(fresh, null, 2)}\n`;
  try {
    // `wx`: of two processes that start at once, one writes and the other reads what it wrote.
    writeFileSync(path, text, { mode: 0o600, flag: 'wx' });
    return text;
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
    return readFileSync(path, 'utf8');
  }
}

function invalidKey(): CodedError {
  return new CodedError({ code: 'config.invalid-key', kind: 'invalid' }, 'A hub key is not 32 bytes in base64.');
}
