import { checkRepositoryUrl, withoutCredentials } from './repository-url.ts';

describe('repository URLs', () => {
  it.each([
    'https://git.example.org/team/shop.git',
    'ssh://git@git.example.org:2222/team/shop.git',
    'git@git.example.org:team/shop.git',
    'git://git.example.org/shop.git',
    'file:///srv/git/shop.git',
    '/srv/git/shop.git',
  ])('accepts %s', (url) => {
    expect(checkRepositoryUrl(url)).toBe(url);
  });

  it.each([
    ['ext::sh -c touch% /tmp/x', 'malformed'],
    ['ext::sh', 'transport'],
    ['fd::17', 'transport'],
    ['ftp://example.org/x.git', 'transport'],
    ['--upload-pack=touch', 'malformed'],
    ['shop.git', 'malformed'],
    ['../shop.git', 'malformed'],
    ['https://ada:s3cret@example.org/x.git', 'credentials'],
    ['https://token@example.org/x.git', 'credentials'],
    ['ssh://git:s3cret@example.org/x.git', 'credentials'],
  ])('refuses %s (%s) without repeating it', (url, problem) => {
    const refused = expect(() => checkRepositoryUrl(url));
    refused.toThrow(
      expect.objectContaining({ code: 'git.url-refused', details: expect.objectContaining({ problem }) }),
    );
    refused.toThrow(expect.objectContaining({ message: expect.not.stringContaining('s3cret') }));
  });

  it('takes user info out of what git says', () => {
    expect(withoutCredentials("unable to access 'https://ada:s3cret@example.org/x/': 403")).toBe(
      "unable to access 'https://example.org/x/': 403",
    );
  });
});
