import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { Body, Controller, Headers, HttpCode, Inject, Param, Post, Res } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { SnapshotRequest, SnapshotResponse } from '@fairlead/shared/contracts';
import { Public } from '../../../platform/http/access.decorators.ts';
import { AgentTokens } from '../../clusters/application/agent-tokens.ts';
import { SNAPSHOT_READER, type SnapshotReader } from '../application/assignment.reader.ts';
import { snapshotNotAssigned } from '../domain/agent.errors.ts';

const Digest = z.string().regex(/^[0-9a-f]{64}$/);
const worthCompressingBytes = 1024;
const zip = promisify(gzip);

@ApiTags('agents')
@Controller('agent/v1/snapshots')
export class SnapshotsController {
  readonly #tokens: AgentTokens;
  readonly #snapshots: SnapshotReader;

  constructor(@Inject(AgentTokens) tokens: AgentTokens, @Inject(SNAPSHOT_READER) snapshots: SnapshotReader) {
    this.#tokens = tokens;
    this.#snapshots = snapshots;
  }

  @Post(':digest')
  @HttpCode(200)
  @Public("the agent's access token is checked, and gives only what is assigned to its cluster")
  @ApiOkResponse({ standardSchema: SnapshotResponse })
  async get(
    @Param('digest', { schema: Digest }) digest: string,
    @Body({ schema: SnapshotRequest }) { base }: SnapshotRequest,
    @Headers('authorization') authorization: string | undefined,
    @Headers('accept-encoding') encodings: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { clusterId } = await this.#tokens.authenticate(authorization);
    const snapshot = await this.#snapshots.assignedSnapshot({ clusterId, digest, base });
    if (!snapshot) throw snapshotNotAssigned();
    const body = Buffer.from(JSON.stringify(SnapshotResponse.parse(snapshot)));
    void reply.type('application/json');
    if (body.length < worthCompressingBytes || !/\bgzip\b/.test(encodings ?? '')) return void reply.send(body);
    void reply.header('content-encoding', 'gzip').send(await zip(body));
  }
}
