import { createHmac, randomUUID } from 'node:crypto';

/** Calls the generic webhook of a source the way a Git host would: signed body, fresh delivery id. */
export async function callWebhook(url: string, secret: string): Promise<void> {
  const body = JSON.stringify({ ref: 'main' });
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-fairlead-signature': `sha256=${signature}`,
      'x-fairlead-timestamp': `${Math.floor(Date.now() / 1000)}`,
      'x-fairlead-delivery': randomUUID(),
    },
    body,
  });
  if (!response.ok) throw new Error(`the webhook was refused: ${response.status} ${await response.text()}`);
}
