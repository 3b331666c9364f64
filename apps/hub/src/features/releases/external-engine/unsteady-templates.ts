// Functions whose result is another one each time.
const unsteadyFunctions =
  /\b(rand(?:AlphaNum|Alpha|Numeric|Ascii|Bytes|Int)|uuidv4|shuffle|now|ago|gen(?:PrivateKey|CA|CAWithKey|SelfSignedCert|SelfSignedCertWithKey|SignedCert|SignedCertWithKey)|htpasswd|bcrypt|derivePassword|getHostByName|encryptAES)\b/g;
const sourceComment = /^# Source: (\S+)$/;

/** Documents of a chart's output by the template they come from. */
function byTemplate(output: string): Map<string, string> {
  const parts = new Map<string, string>();
  let current = '';
  for (const line of output.split('\n')) {
    const source = sourceComment.exec(line)?.[1];
    if (source !== undefined) current = source;
    parts.set(current, `${parts.get(current) ?? ''}${line}\n`);
  }
  return parts;
}

/** Says which templates of a chart gave something else the second time, and by which function; null when none did. */
export function describeDifference(
  first: string,
  second: string,
  templateText: (source: string) => string | null,
): string | null {
  if (first === second) return null;
  const [left, right] = [byTemplate(first), byTemplate(second)];
  const differing = [...new Set([...left.keys(), ...right.keys()])].filter((key) => left.get(key) !== right.get(key));
  const named = differing.slice(0, 5).map((source) => {
    const functions = new Set([...(templateText(source) ?? '').matchAll(unsteadyFunctions)].map(([name]) => name));
    return functions.size === 0 ? source : `${source} (${[...functions].sort().join(', ')})`;
  });
  return (
    `the chart renders to something else each time: ${named.join('; ')}. ` +
    'Give the value in spec.helm.values, or take it from a Secret in the cluster'
  );
}

/** Whether a template may depend on the time of day. */
export function asksForTime(text: string): boolean {
  return /\b(now|ago)\b/.test(text);
}
