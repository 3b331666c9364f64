/**
 * What may be shown of a text that a program wrote: everything that looks like a secret is replaced by `***`, and control
 * characters are dropped. Rather too much than too little: a masked word costs a look at the Pod, a shown key costs a key.
 */
export function maskSecrets(text: string): string {
  return patterns.reduce<string>(
    (masked, [pattern, replacement]) => masked.replace(pattern, replacement),
    withoutControls(text),
  );
}

const mask = '***';
const secretName =
  '[A-Za-z0-9_.-]*(?:passw(?:or)?d|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|signing[_-]?key|encryption[_-]?key|credentials?|authorization|auth|cookie|session[_-]?id|dsn|connection[_-]?string)[A-Za-z0-9_.-]*';

const patterns: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z0-9 ]{1,60}-----[\s\S]*?(?:-----END [A-Z0-9 ]{1,60}-----|$)/g, mask],
  // The end of a block whose beginning was cut off.
  [/^[\s\S]*?-----END [A-Z0-9 ]{1,60}-----/, mask],
  [/\b(Bearer|Basic|Digest|Negotiate)\s+[A-Za-z0-9+/=._~-]{4,}/gi, `$1 ${mask}`],
  // name=value, name: value, "name":"value", --name value
  [
    new RegExp(
      `(["']?\\b${secretName}["']?\\s{0,4}[:=]\\s{0,4})("(?:[^"\\\\\\n]|\\\\.)*"?|'[^'\\n]*'?|[^\\s,;&"'}]+)`,
      'gi',
    ),
    `$1${mask}`,
  ],
  [new RegExp(`(--${secretName})(\\s+)(?!-)\\S+`, 'gi'), `$1$2${mask}`],
  // user:password@host
  [/\b([a-z][a-z0-9+.-]{1,20}:\/\/[^\s:/@]{0,100}):[^\s@/]{1,200}@/gi, `$1:${mask}@`],
  // JSON Web Tokens, and keys that say what they are.
  [/\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*)?/g, mask],
  [
    /\b(?:gh[pousr]_|github_pat_|glpat-|xox[abeprs]-|sk-|sk_live_|rk_live_|pk_live_|npm_|hf_|hvs\.|flj_|AKIA|ASIA|AIza|ya29\.|SG\.)[A-Za-z0-9_.-]{8,}/g,
    mask,
  ],
  // Long runs that no word looks like: hex, and base64 with a digit and both cases.
  [/\b[0-9a-f]{32,}\b/gi, mask],
  [
    /(?<![A-Za-z0-9+/_-])(?=[A-Za-z0-9+/_-]{0,200}[0-9])(?=[A-Za-z0-9+/_-]{0,200}[A-Z])(?=[A-Za-z0-9+/_-]{0,200}[a-z])[A-Za-z0-9+/_-]{32,}={0,2}/g,
    mask,
  ],
];

function withoutControls(text: string): string {
  // Colours and cursor movements of terminals first: their bytes without the escape would remain as text.
  return text.replace(ansi, '').replace(controls, '');
}

const ansi = new RegExp('\\u001b(?:\\[[0-9;?]*[ -/]*[@-~]|[@-Z\\\\-_])', 'g');
const controls = new RegExp(
  '[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069\\ufffe\\uffff]',
  'g',
);
