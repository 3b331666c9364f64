import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { DiffCommits, ReleaseDiff } from '@fairlead/shared/contracts';
import { Requires } from '../../../platform/http/access.decorators.ts';
import { DiffReleases } from '../application/diff-releases.ts';

@ApiTags('groups')
@Controller('v1/groups')
export class CommitDiffController {
  readonly #diff: DiffReleases;

  constructor(@Inject(DiffReleases) diff: DiffReleases) {
    this.#diff = diff;
  }

  /** What a group was like at two commits that the hub has read. */
  @Get(':group/diff')
  @Requires('fleet.read')
  @ApiOkResponse({ standardSchema: ReleaseDiff })
  diff(@Param('group') group: string, @Query({ schema: DiffCommits }) query: DiffCommits): Promise<ReleaseDiff> {
    return this.#diff.diffCommits(group, query);
  }
}
