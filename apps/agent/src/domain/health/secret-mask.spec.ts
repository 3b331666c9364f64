import { logTail, lastEvents } from './pod-words.ts';
import { maskSecrets } from './secret-mask.ts';

const base64 = 'Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MGFiY2RlZkdISUpL';

describe('what is shown of a log', () => {
  it.each([
    ['password=hunter2', 'hunter2'],
    ['DB_PASSWORD: "hun ter2"', 'ter2'],
    ['{"apiKey":"k-123456","user":"bob"}', 'k-123456'],
    ['client_secret = s3cr3t', 's3cr3t'],
    ['connecting with --auth-token abc.def', 'abc.def'],
    ['Authorization: Bearer abcdef0123', 'abcdef0123'],
    ['authorization: Basic dXNlcjpwYXNz', 'dXNlcjpwYXNz'],
    ['postgres://shop:pa55@db:5432/shop', 'pa55'],
    ['token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abcDEF123', 'eyJzdWIiOiIxIn0'],
    ['using ghp_0123456789abcdefABCDEF0123456789abcd', 'ghp_0123456789'],
    ['key AKIAIOSFODNN7EXAMPLE in use', 'AKIAIOSFODNN7EXAMPLE'],
    ['digest 0123456789abcdef0123456789abcdef', '0123456789abcdef'],
    [`blob ${base64}==`, base64],
    ['-----BEGIN PRIVATE KEY-----\nMIIEvg\nIBADAN\n-----END PRIVATE KEY-----', 'MIIEvg'],
    ['-----BEGIN RSA PRIVATE KEY-----\nMIIEvg', 'MIIEvg'],
    ['IBADAN\n-----END PRIVATE KEY-----\nnext', 'IBADAN'],
  ])('does not show the secret of: %s', (text, secret) => {
    expect(maskSecrets(text)).not.toContain(secret);
    expect(maskSecrets(text)).toContain('***');
  });

  it.each([
    'panic: dial tcp 10.0.0.7:5432: connect: connection refused',
    '2026-01-01T00:00:00Z ERROR com.example.orders.infrastructure.OrderRepository could not be created',
    'GET /api/v1/namespaces/shop/pods/api-7c9d8f6b5-x2x4q 404',
    'Back-off restarting failed container main in pod api-7c9d8f6b5-x2x4q_shop(0b3f5b0a-8f3e-4f6e-9d67-1c1b2c3d4e5f)',
  ])('leaves as it is: %s', (text) => {
    expect(maskSecrets(text)).toBe(text);
  });

  it('drops what a terminal would obey', () => {
    expect(maskSecrets('\u001b[31mred\u001b[0m\u0000\u0007 a\tb\nc\u202e')).toBe('red a\tb\nc');
  });

  it('masks before it cuts, and cuts between characters', () => {
    const long = `password=${'s'.repeat(3_000)}\n${'é'.repeat(1_500)}`;
    const tail = logTail(long);
    expect(Buffer.byteLength(tail)).toBeLessThanOrEqual(2048);
    expect(tail).toMatch(/^é+$/);
    expect(logTail(`${'x'.repeat(10)}\npassword=${'s'.repeat(5_000)}`)).toBe('xxxxxxxxxx\npassword=***');
  });

  it('shows the five newest events', () => {
    const events = Array.from({ length: 8 }, (_, index) => ({
      type: 'Warning',
      reason: `R${index}`,
      message: 'token=abc',
      lastTimestamp: `2026-01-01T00:00:0${index}Z`,
      count: index,
    }));
    const shown = lastEvents([...events].reverse());
    expect(shown.map(({ reason }) => reason)).toEqual(['R3', 'R4', 'R5', 'R6', 'R7']);
    expect(shown[0]).toEqual({
      at: '2026-01-01T00:00:03.000Z',
      type: 'Warning',
      reason: 'R3',
      message: 'token=***',
      count: 3,
    });
  });
});
