import { loadConfig } from './config.ts';

describe('the configuration', () => {
  it('works without any setting', () => {
    const config = loadConfig({});
    expect(config.http).toEqual({ host: '127.0.0.1', port: 7700, trustProxy: false });
    expect(config.publicUrl).toBe('http://127.0.0.1:7700');
    expect(config.database.url).toBeNull();
    expect(config.redis).toBeNull();
  });

  it('names every problem at once', () => {
    expect(() =>
      loadConfig({ FAIRLEAD_PORT: 'x', FAIRLEAD_PUBLIC_URL: 'ftp://x', FAIRLEAD_LOG_LEVEL: 'loud' }),
    ).toThrow(
      expect.objectContaining({
        code: 'config.invalid',
        details: {
          problems: [
            expect.stringMatching(/^FAIRLEAD_PORT: /),
            expect.stringMatching(/^FAIRLEAD_PUBLIC_URL: /),
            expect.stringMatching(/^FAIRLEAD_LOG_LEVEL: /),
          ],
        },
      }),
    );
  });

  it('takes an empty variable for an unset one, and cannot be changed or print a secret', () => {
    const config = loadConfig({ REDIS_URL: '', DATABASE_URL: 'postgres://u:hunter2@h/d' });
    expect(config.redis).toBeNull();
    expect(JSON.stringify(config)).not.toContain('hunter2');
    expect(Object.isFrozen(config.http)).toBe(true);
  });
});
