import { redactFindings } from './redact-findings.ts';

const finding = (message: string) => [{ file: 'f', line: 1, column: 1, message, hint: message }];

describe('redacting findings', () => {
  const secret = 'apiVersion: v1\nkind: Secret\nmetadata: { name: s }\nstringData: { password: hunter22 }\n';

  it('cuts out values of Secrets, encoded ones too', () => {
    const base64 = Buffer.from('hunter22').toString('base64');
    const [redacted] = redactFindings(finding(`cannot set hunter22 (${base64})`), () => [secret]);
    expect(redacted?.message).toBe('cannot set [secret] ([secret])');
    expect(redacted?.hint).toBe('cannot set [secret] ([secret])');
  });

  it('cuts out literals of generators, lines of files beside them, and values in text patches', () => {
    const generator = 'secretGenerator:\n- literals: [token=abcdef]\n  envs: [x.env]\n';
    const patch = 'patches:\n- patch: |-\n    kind: Secret\n    stringData: { token: in-patch }\n';
    const [redacted] = redactFindings(finding('abcdef, from-env, in-patch'), () => [
      generator,
      'KEY=from-env\n',
      patch,
    ]);
    expect(redacted?.message).toBe('[secret], [secret], [secret]');
  });

  it('repeats no quotation when a file with a Secret cannot be parsed', () => {
    const [redacted] = redactFindings(finding('unexpected "hunt: er" here'), () => [
      'kind: Secret\nstringData: { a: [ "hunt: er"\n',
    ]);
    expect(redacted?.message).toBe('unexpected […] here');
  });

  it('changes nothing where no Secret is near', () => {
    const findings = finding('the image "shop" is unknown');
    expect(redactFindings(findings, () => ['kind: Deployment\ndata: { a: shop }\n'])).toEqual(findings);
  });
});
