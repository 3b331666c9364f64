import { isAbsolute } from 'node:path';
import { urlRefused } from './git.errors.ts';

const schemes = new Set(['http:', 'https:', 'ssh:', 'git:', 'file:']);
// user@host:path, as ssh users write it. Without a user, "C:/x" and "host:path" could not be told apart.
const scpForm = /^[A-Za-z0-9._-]+@[A-Za-z0-9._-]+:(?!\/\/)[^\s]+$/;

/**
 * Checks that git may be given this URL, and returns it. Refused: other transports (`ext::` runs commands), texts git
 * could take for an option, and credentials in the URL, which would end in the database, in lists and in git's messages.
 */
export function checkRepositoryUrl(url: string): string {
  if (url.startsWith('-') || /\s|\p{Cc}/u.test(url)) {
    throw urlRefused('malformed', 'A URL has no spaces and does not start with a dash.');
  }
  if (isAbsolute(url) || scpForm.test(url)) return url;
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch (cause) {
    throw Object.assign(
      urlRefused('malformed', 'Use https://…, ssh://…, git://…, user@host:path, or an absolute path.'),
      { cause },
    );
  }
  if (url.includes('::') || !schemes.has(parsed.protocol)) {
    throw urlRefused('transport', 'Only http, https, ssh, git and file are allowed.');
  }
  const mayNameUser = parsed.protocol === 'ssh:';
  if (parsed.password !== '' || (parsed.username !== '' && !mayNameUser)) {
    throw urlRefused(
      'credentials',
      "Leave user and password out of the URL: give the hub's user an ssh key or a git credential helper.",
    );
  }
  return url;
}

/** Removes user info from every URL in a text, for messages that git wrote. */
export function withoutCredentials(text: string): string {
  return text.replace(/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi, '$1');
}
