import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultUrl, findConnection, storeConnection } from './connection.ts';
import { recordTerminal } from './test-terminal.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'fairlead-cli-'));
});
afterEach(() => {
  rmSync(home, { recursive: true, force: true });
});

function startedHere(url: string): string {
  const cwd = join(home, 'clone', 'docs');
  mkdirSync(join(home, 'clone', '.fairlead'), { recursive: true });
  mkdirSync(cwd);
  writeFileSync(join(home, 'clone', '.fairlead', 'cli.json'), JSON.stringify({ url, token: 'local', publicUrl: url }));
  return cwd;
}

describe('the hub a command talks to', () => {
  it('is the default one, without a token, when nothing says otherwise', () => {
    expect(findConnection(recordTerminal({ home, cwd: home }), undefined)).toMatchObject({
      baseUrl: defaultUrl,
      token: undefined,
    });
  });

  it('is the one signed in to, kept where only this user can read it', () => {
    const terminal = recordTerminal({ home, cwd: home });
    const file = storeConnection(terminal, { url: 'https://hub.example', token: 'stored' });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(findConnection(terminal, undefined)).toMatchObject({ baseUrl: 'https://hub.example', token: 'stored' });
  });

  it('is the local one inside a working copy in which npm start ran', () => {
    const terminal = recordTerminal({ home, cwd: startedHere('http://127.0.0.1:7701') });
    storeConnection(terminal, { url: 'https://hub.example', token: 'stored' });
    expect(findConnection(terminal, undefined)).toMatchObject({ baseUrl: 'http://127.0.0.1:7701', token: 'local' });
  });

  it('gets a token only if that was stored for its address', () => {
    const terminal = recordTerminal({ home, cwd: startedHere('http://127.0.0.1:7701') });
    storeConnection(terminal, { url: 'https://hub.example', token: 'stored' });
    expect(findConnection(terminal, 'https://hub.example/')).toMatchObject({ token: 'stored' });
    expect(findConnection(terminal, 'https://other.example')).toMatchObject({ token: undefined });
  });

  it('is what the environment says before anything stored', () => {
    const env = { FAIRLEAD_URL: 'https://env.example', FAIRLEAD_TOKEN: 'env' };
    const terminal = recordTerminal({ home, cwd: startedHere('http://127.0.0.1:7701'), env });
    expect(findConnection(terminal, undefined)).toMatchObject({ baseUrl: 'https://env.example', token: 'env' });
  });
});
