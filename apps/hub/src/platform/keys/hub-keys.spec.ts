import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret } from '@fairlead/shared/kernel';
import { loadHubKeys } from './hub-keys.ts';

let dataDir = '';
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'fairlead-keys-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const key = (fill: number) => Buffer.alloc(32, fill).toString('base64');

describe('hub keys', () => {
  it('are made once and kept where only the hub reads them', () => {
    const first = loadHubKeys({ dataDir, sealing: null, signing: null });
    const second = loadHubKeys({ dataDir, sealing: null, signing: null });
    expect(second).toEqual(first);
    expect(first.current.key).toHaveLength(32);
    expect(first.current.key.equals(first.signing.key)).toBe(false);
    const path = join(dataDir, 'keys', 'sealing.json');
    expect(statSync(path).mode & 0o077).toBe(0);
    expect(readFileSync(path, 'utf8')).toContain(first.current.keyId);
  });

  it('come from the environment, the first one seals', () => {
    const keys = loadHubKeys({ dataDir, sealing: new Secret(`${key(1)},${key(2)}`), signing: new Secret(key(3)) });
    expect(keys.all).toHaveLength(2);
    expect(keys.current.key.equals(Buffer.alloc(32, 1))).toBe(true);
    expect(keys.current.keyId).not.toBe(keys.all[1]?.keyId);
  });

  it('are refused when they are not 32 bytes', () => {
    const short = () => loadHubKeys({ dataDir, sealing: new Secret('c2hvcnQ='), signing: new Secret(key(3)) });
    expect(short).toThrow(expect.objectContaining({ code: 'config.invalid-key' }));
  });
});
