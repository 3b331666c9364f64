import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { CreatePreview, Preview } from '@fairlead/shared/contracts';
import { Requires } from '../../../platform/http/access.decorators.ts';
import { PreviewSourceRef } from '../application/preview-source.ts';

@ApiTags('sources')
@Controller('v1/sources')
export class PreviewsController {
  readonly #previews: PreviewSourceRef;

  constructor(@Inject(PreviewSourceRef) previews: PreviewSourceRef) {
    this.#previews = previews;
  }

  /** Fetches and renders a ref, and says what it would change. Changes nothing, but takes as much work as a commit. */
  @Post(':name/previews')
  @HttpCode(200)
  @Requires('targets.operate')
  @ApiOkResponse({ standardSchema: Preview })
  preview(@Param('name') name: string, @Body({ schema: CreatePreview }) body: CreatePreview): Promise<Preview> {
    return this.#previews.preview(name, body);
  }
}
