import { Controller, Headers, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import { ApiAcceptedResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Public } from '../../../platform/http/access.decorators.ts';
import { ReceiveWebhook } from '../application/receive-webhook.ts';

const WebhookOutcome = z.object({ outcome: z.enum(['accepted', 'duplicate']) }).meta({ id: 'WebhookOutcome' });

@ApiTags('webhooks')
@Controller('hooks/generic')
export class WebhooksController {
  readonly #receive: ReceiveWebhook;

  constructor(@Inject(ReceiveWebhook) receive: ReceiveWebhook) {
    this.#receive = receive;
  }

  @Post(':source')
  @HttpCode(202)
  @Public('the body is signed with the webhook secret of the source')
  @ApiAcceptedResponse({ standardSchema: WebhookOutcome })
  receive(
    @Param('source') source: string,
    @Headers('x-fairlead-signature') signature: string | undefined,
    @Headers('x-fairlead-delivery') delivery: string | undefined,
    @Headers('x-fairlead-timestamp') timestamp: string | undefined,
    @Req() request: { rawBody?: Buffer },
  ): Promise<z.infer<typeof WebhookOutcome>> {
    const body = request.rawBody ?? Buffer.alloc(0);
    return this.#receive.receive({ source, body, signature, delivery, timestamp });
  }
}
