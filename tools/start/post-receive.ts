// Runs in the sample repository after every push: tells the hub, signed with the shared secret of the source. A hub that
// is not there looks into the repository by itself later, so a failure is said and does not fail the push.
import { createHmac, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { paths } from './paths.ts';

const { url, secret } = JSON.parse(readFileSync(paths.webhook, 'utf8')) as { url: string; secret: string };
const changes = (await text(process.stdin)).trim().split('\n');
const body = JSON.stringify({ refs: changes.map((line) => line.split(' ')[2] ?? ''), at: new Date().toISOString() });
try {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-fairlead-delivery': randomUUID(),
      'x-fairlead-signature': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
    },
    body,
    signal: AbortSignal.timeout(5_000),
  });
  console.log(
    response.ok ? 'The hub knows.' : `The hub refused the webhook: ${response.status} ${await response.text()}`,
  );
} catch (error) {
  console.log(
    `The hub does not answer (${error instanceof Error ? error.message : 'unknown'}); it will look by itself.`,
  );
}
